// Whether the sign-language interpreter's picture is shown; kept in this browser, on unless switched off.

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
