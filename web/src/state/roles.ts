// What a role may do, as far as a screen needs to know.
import type { Role } from '../protocol.ts'

/** An observer sends nothing, a captioner words only. */
export function sends(role: Role): boolean {
  return role !== 'observer' && role !== 'captioner'
}
