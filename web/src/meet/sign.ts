// The sign-language interpreter: who it is, and whether their picture is shown; kept in this browser, on unless switched off.
import type { Meeting, Member, MemberID } from '../protocol.ts'

/** Whose hands can be seen. */
export function signer(meeting: Meeting | undefined, you: MemberID): Member | undefined {
  return Object.values(meeting?.members ?? {}).find((member) => member.role === 'sign-interpreter' && member.standing === 'admitted' && member.present && member.camera && member.id !== you)
}

export function signWanted(): boolean {
  try {
    return localStorage.getItem('sign') !== 'off'
  } catch {
    return true
  }
}

export function keepSignWanted(on: boolean): void {
  try {
    localStorage.setItem('sign', on ? 'on' : 'off')
  } catch {
    // Storage is forbidden in some browsers; the choice then lasts as long as the page.
  }
}
