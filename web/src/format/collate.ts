// The order of names in lists. Browsers sort Persian, English and Russian rightly; they claim Azerbaijani and lack it.
import type { Language } from '../text/words.ts'

const alphabet = 'abcçdeəfgğhxıijkqlmnoöprsştuüvwyz'
const rank = new Map([...alphabet].map((letter, index) => [letter, index]))

const collators = new Map<Language, (a: string, b: string) => number>()

/** Compares two names; for Array.sort. */
export function order(language: Language): (a: string, b: string) => number {
  let known = collators.get(language)
  if (!known) {
    known = language === 'az' ? azerbaijani : new Intl.Collator(language, { numeric: true }).compare
    collators.set(language, known)
  }
  return known
}

function azerbaijani(a: string, b: string): number {
  const [left, right] = [lower(a), lower(b)]
  for (let i = 0; i < left.length && i < right.length; i++) {
    const difference = weight(left[i]) - weight(right[i])
    if (difference !== 0) return difference
  }
  return left.length - right.length || (a < b ? -1 : a > b ? 1 : 0)
}

/** A text as it is looked for: in small letters, the letters that are typed for one another as one, without marks and joiners. */
export function sought(text: string): string {
  return text.normalize('NFKD').replace(/[\p{M}\p{Cf}\u0640]/gu, '').toLowerCase().replaceAll('ı', 'i').replaceAll('ə', 'e').replace(/[يىې]/g, 'ی').replaceAll('ك', 'ک')
}

// I is the capital of ı and İ of i; toLowerCase knows neither.
function lower(text: string): string[] {
  return [...text.normalize('NFC').replaceAll('I', 'ı').replaceAll('İ', 'i').toLowerCase()]
}

// Spaces, marks and digits before the letters; other alphabets after them.
function weight(letter = ''): number {
  const place = rank.get(letter)
  if (place !== undefined) return 0x200 + place
  const code = letter.codePointAt(0) ?? 0
  return code < 0x80 ? code : 0x400 + code
}
