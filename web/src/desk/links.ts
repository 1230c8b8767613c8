// What became of a person's link.
import type { LinkState } from '../protocol.ts'

export type LinkStanding =
  | { state: 'none' }
  | { state: 'revoked' }
  | { state: 'expired' | 'opened' | 'issued'; at: Date } // expired at; opened at; valid until

export function linkStanding(link: LinkState | undefined, now: Date): LinkStanding {
  if (!link || !link.issued) return { state: 'none' }
  if (link.revoked) return { state: 'revoked' }
  const expires = new Date(link.expires)
  if (expires.getTime() <= now.getTime()) return { state: 'expired', at: expires }
  if (link.opened) return { state: 'opened', at: new Date(link.opened) }
  return { state: 'issued', at: expires }
}

/** Whether a link that works is in the person's hands. */
export function linkWorks(standing: LinkStanding): boolean {
  return standing.state === 'issued' || standing.state === 'opened'
}
