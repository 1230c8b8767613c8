// Passkeys: the browser's ceremony between two calls of the server.
import type { PasskeyChallenge, PasskeyResponse } from '../protocol.ts'
import { call, Refusal } from '../state/session.ts'

type Fields = Readonly<Record<string, unknown>>

export function passkeysPossible(): boolean {
  return typeof PublicKeyCredential === 'function' && isSecureContext
}

/** Signs in. Undefined when the person closed the browser's window without choosing. */
export async function signInWithPasskey(): Promise<Refusal | 'done' | undefined> {
  const challenge = await call<PasskeyChallenge>('POST', '/api/passkeys/begin', {})
  if (challenge instanceof Refusal) return challenge
  const credential = await asked(() => navigator.credentials.get({ publicKey: requestOptions(optionsOf(challenge)) }))
  return finished('/api/passkeys/finish', challenge.ceremony, credential)
}

/** Gives the own side another key, confirmed by a passkey. Undefined when the person closed the browser's window without choosing. */
export async function replaceKey(reason: string): Promise<Refusal | 'done' | undefined> {
  const challenge = await call<PasskeyChallenge>('POST', '/api/passkeys/begin', {})
  if (challenge instanceof Refusal) return challenge
  const credential = await asked(() => navigator.credentials.get({ publicKey: requestOptions(optionsOf(challenge)) }))
  return finished('/api/desk/key', challenge.ceremony, credential, { reason })
}

/** Registers a passkey of this device for the person who is signed in. */
export async function addPasskey(): Promise<Refusal | 'done' | undefined> {
  const challenge = await call<PasskeyChallenge>('POST', '/api/desk/passkeys/begin', {})
  if (challenge instanceof Refusal) return challenge
  const credential = await asked(() => navigator.credentials.create({ publicKey: creationOptions(optionsOf(challenge)) }))
  return finished('/api/desk/passkeys/finish', challenge.ceremony, credential)
}

/** Makes a passkey; undefined when the person closed the window. */
export async function createdCredential(challenge: PasskeyChallenge): Promise<unknown> {
  return answered(await asked(() => navigator.credentials.create({ publicKey: creationOptions(optionsOf(challenge)) })))
}

/** Signs with a passkey; undefined when the person closed the window. */
export async function givenCredential(challenge: PasskeyChallenge): Promise<unknown> {
  return answered(await asked(() => navigator.credentials.get({ publicKey: requestOptions(optionsOf(challenge)) })))
}

function answered(credential: Credential | Refusal | null): unknown {
  if (credential instanceof Refusal) return credential
  return credential instanceof PublicKeyCredential ? credentialJSON(credential) : undefined
}

async function finished(path: string, ceremony: string, credential: Credential | Refusal | null, more: Fields = {}): Promise<Refusal | 'done' | undefined> {
  if (credential instanceof Refusal) return credential
  if (!(credential instanceof PublicKeyCredential)) return undefined
  const body: PasskeyResponse = { ceremony, response: credentialJSON(credential) }
  const answer = await call('POST', path, { ...more, ...body })
  return answer instanceof Refusal ? answer : 'done'
}

// Closing the browser's window is not a fault; the browser says the same when time has passed.
async function asked(ceremony: () => Promise<Credential | null>): Promise<Credential | Refusal | null> {
  try {
    return await ceremony()
  } catch (error) {
    if (error instanceof DOMException && (error.name === 'NotAllowedError' || error.name === 'AbortError')) return null
    return new Refusal('passkey-wrong')
  }
}

// Some libraries wrap the options as {publicKey: ...}.
function optionsOf(challenge: PasskeyChallenge): Fields {
  const options = fields(challenge.options)
  return 'publicKey' in options ? fields(options.publicKey) : options
}

function requestOptions(json: Fields): PublicKeyCredentialRequestOptions {
  const own = PublicKeyCredential as unknown as { parseRequestOptionsFromJSON?: (json: Fields) => PublicKeyCredentialRequestOptions }
  if (own.parseRequestOptionsFromJSON) return own.parseRequestOptionsFromJSON(json)
  return { ...json, challenge: bytes(json.challenge), allowCredentials: descriptors(json.allowCredentials) }
}

function creationOptions(json: Fields): PublicKeyCredentialCreationOptions {
  const own = PublicKeyCredential as unknown as { parseCreationOptionsFromJSON?: (json: Fields) => PublicKeyCredentialCreationOptions }
  if (own.parseCreationOptionsFromJSON) return own.parseCreationOptionsFromJSON(json)
  const user = fields(json.user)
  return {
    ...(json as unknown as PublicKeyCredentialCreationOptions),
    challenge: bytes(json.challenge),
    user: { ...(user as unknown as PublicKeyCredentialUserEntity), id: bytes(user.id) },
    excludeCredentials: descriptors(json.excludeCredentials),
  }
}

function descriptors(list: unknown): PublicKeyCredentialDescriptor[] {
  if (!Array.isArray(list)) return []
  return list.map((each: unknown) => ({ ...(fields(each) as unknown as PublicKeyCredentialDescriptor), type: 'public-key', id: bytes(fields(each).id) }))
}

function credentialJSON(credential: PublicKeyCredential): unknown {
  if (typeof credential.toJSON === 'function') {
    try {
      return credential.toJSON()
    } catch {
      // Some password managers put in a credential of their own, without a working toJSON.
    }
  }
  const { response } = credential
  const answer: Record<string, unknown> = { clientDataJSON: base64url(response.clientDataJSON) }
  if (response instanceof AuthenticatorAttestationResponse) {
    answer.attestationObject = base64url(response.attestationObject)
    answer.transports = response.getTransports()
  }
  if (response instanceof AuthenticatorAssertionResponse) {
    answer.authenticatorData = base64url(response.authenticatorData)
    answer.signature = base64url(response.signature)
    if (response.userHandle) answer.userHandle = base64url(response.userHandle)
  }
  return {
    id: credential.id, rawId: base64url(credential.rawId), type: credential.type, response: answer,
    authenticatorAttachment: credential.authenticatorAttachment ?? undefined, clientExtensionResults: credential.getClientExtensionResults(),
  }
}

function fields(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {}
}

/** RFC 4648 section 5, without padding. */
export function base64url(data: ArrayBuffer | Uint8Array): string {
  const text = String.fromCharCode(...new Uint8Array(data))
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
}

/** The bytes of a base64url text; none of what is not one. */
export function bytes(text: unknown): Uint8Array<ArrayBuffer> {
  if (typeof text !== 'string') return new Uint8Array()
  try {
    return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (letter) => letter.charCodeAt(0))
  } catch {
    return new Uint8Array()
  }
}
