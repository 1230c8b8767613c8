// The chair's signature: a passkey is made where there is none, then the hash of the text is signed with it.
import type { BeginSigning, PasskeyResponse, SigningBegun, SignMinutes } from '../protocol.ts'
import { createdCredential, givenCredential } from '../desk/passkey.ts'
import { call, Refusal } from '../state/session.ts'

/** Undefined when the person closed the browser's window. */
export async function signMinutes(seat: string, newKey: boolean): Promise<Refusal | 'done' | undefined> {
  const path = `/api/seats/${encodeURIComponent(seat)}/signature`
  const begin: BeginSigning = newKey ? { newKey } : {}
  let begun = await call<SigningBegun>('POST', `${path}/begin`, begin)
  if (begun instanceof Refusal) return begun
  if (begun.create) {
    const made = await createdCredential(begun.create)
    if (made === undefined || made instanceof Refusal) return made
    const body: PasskeyResponse = { ceremony: begun.create.ceremony, response: made }
    begun = await call<SigningBegun>('POST', `${path}/key`, body)
    if (begun instanceof Refusal) return begun
  }
  if (!begun.sign) return new Refusal('passkey-wrong')
  const given = await givenCredential(begun.sign)
  if (given === undefined || given instanceof Refusal) return given
  const body: SignMinutes = { text: begun.text, response: given }
  const answer = await call('POST', path, body)
  return answer instanceof Refusal ? answer : 'done'
}
