// Calls to the server. An answer is either what was asked for or a refusal; nothing is thrown for either.

/** A stable code with arguments; `wording` turns it into a sentence. */
export class Refusal {
  readonly code: string
  readonly args: Readonly<Record<string, string | number>>
  readonly status: number // HTTP status; 0 when the server was not reached

  constructor(code: string, args: Readonly<Record<string, string | number>> = {}, status = 0) {
    this.code = code
    this.args = args
    this.status = status
  }
}

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

// Longer than a slow line needs for a small answer, shorter than a person waits.
const patience = 20_000

// What was last answered, for those who ask again every few seconds: the server then says only that nothing is new.
const known = new Map<string, { tag: string; text: string }>()
const mostKnown = 12

function note(path: string, tag: string | null, text: string): void {
  known.delete(path)
  if (tag === null) return
  known.set(path, { tag, text })
  const [oldest] = known.keys()
  if (known.size > mostKnown && oldest !== undefined) known.delete(oldest)
}

/** Asks the server. T is a type of protocol.ts: the server wrote both, so the answer is not checked again. */
export async function call<T>(
  method: Method, path: string, body?: unknown, how: { signal?: AbortSignal; patience?: number } = {},
): Promise<T | Refusal> {
  const late = AbortSignal.timeout(how.patience ?? patience)
  const had = method === 'GET' ? known.get(path) : undefined
  const headers: Record<string, string> = { Accept: 'application/json' }
  if (body !== undefined) headers['Content-Type'] = 'application/json'
  if (had) headers['If-None-Match'] = had.tag
  try {
    const answer = await fetch(path, {
      method,
      credentials: 'same-origin',
      headers,
      body: body === undefined ? null : JSON.stringify(body),
      signal: how.signal ? AbortSignal.any([how.signal, late]) : late,
    })
    if (had && answer.status === 304) return JSON.parse(had.text) as T
    const text = await answer.text()
    if (!answer.ok) return refusalOf(answer.status, text)
    if (method === 'GET') note(path, answer.headers.get('ETag'), text)
    return (text === '' ? undefined : JSON.parse(text)) as T
  } catch {
    return new Refusal('network')
  }
}

const codeOfStatus: Readonly<Record<number, string>> = {
  400: 'bad-request', 401: 'not-signed-in', 403: 'forbidden', 404: 'not-found', 413: 'too-large', 429: 'too-many',
}

/** What an answer that is not OK says; a proxy's page without our JSON still gets a fitting code. */
export function refusalOf(status: number, text: string): Refusal {
  const said = parsed(text)
  const args: Record<string, string | number> = {}
  if (isRecord(said.args)) {
    for (const [name, value] of Object.entries(said.args)) {
      if (typeof value === 'string' || typeof value === 'number') args[name] = value
    }
  }
  if (typeof said.id === 'string') args.id = said.id
  if (typeof said.code === 'string' && said.code !== '') return new Refusal(said.code, args, status)
  // 502 to 504 come from a proxy before a server that is starting or gone.
  if (status >= 502 && status <= 504) return new Refusal('network', {}, status)
  return new Refusal(codeOfStatus[status] ?? 'unknown', args, status)
}

function parsed(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text)
    return isRecord(value) ? value : {}
  } catch {
    return {}
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
