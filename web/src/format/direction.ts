// Which way a text runs.
import type { Language } from '../protocol.ts'

/** How a language is written; of those that we do not know, by its first letters. */
export function directionOf(tongue: Language): 'rtl' | 'ltr' {
  return /^(fa|ar|he|ur|ps|ku|sd|ug|yi)(-|$)/.test(tongue) ? 'rtl' : 'ltr'
}

/**
 * The direction of what is being typed: its first letter's. While there is none, that of the language which is expected or else, undefined, the
 * screen's: `auto` would put the beginning of an empty entry, and a number, to the left of a Persian screen.
 */
export function entryDirection(text: string, tongue?: Language): 'auto' | 'rtl' | undefined {
  if (/\p{L}/u.test(text)) return 'auto'
  if (tongue === undefined) return undefined
  return directionOf(tongue) === 'rtl' ? 'rtl' : 'auto'
}
