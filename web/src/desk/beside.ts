// The pages of a desk that show one thing more than the desk itself.
import type { Desk } from '../protocol.ts'
import { go } from '../route.ts'
import { call, Refusal } from '../state/session.ts'

interface Beside<T> {
  readonly desk: Desk | undefined
  /** What the path gives; undefined when it was refused. */
  readonly found: T | undefined
  readonly refusal: Refusal | undefined
}

/** Fetches what is at the path, and the desk where it is not here yet. Whoever is not signed in is led to where one does. */
export async function beside<T>(desk: Desk | undefined, path: string): Promise<Beside<T>> {
  const [first, second] = await Promise.all([desk ?? call<Desk>('GET', '/api/desk'), call<T>('GET', path)])
  const refusal = first instanceof Refusal ? first : second instanceof Refusal ? second : undefined
  if (refusal?.code === 'not-signed-in') go('/signin', { replace: true })
  return { desk: first instanceof Refusal ? undefined : first, found: second instanceof Refusal ? undefined : second, refusal }
}
