// What I want to hear, kept in this browser for each seat: a page that is loaded again sounds as before.
import type { Choice } from '../protocol.ts'
import { maxOriginal, usual } from './hearing.ts'

export function storedChoice(seat: string): Choice {
  try {
    return choiceOf(JSON.parse(localStorage.getItem(`listening/${seat}`) ?? 'null'))
  } catch {
    return usual
  }
}

export function storeChoice(seat: string, choice: Choice): void {
  try {
    localStorage.setItem(`listening/${seat}`, JSON.stringify(choice))
  } catch {
    // Storage is forbidden in some browsers; the choice then lasts as long as the page.
  }
}

/** Anything that is not a choice is the usual one. */
export function choiceOf(found: unknown): Choice {
  if (typeof found !== 'object' || found === null) return usual
  const [kind, language, level]: unknown[] = ['kind', 'language', 'original'].map((name) => Reflect.get(found, name))
  const original = typeof level === 'number' && level >= 0 && level <= maxOriginal ? Math.round(level) : usual.original
  if (kind === 'channel' && typeof language === 'string' && language !== '') return { kind, language, original }
  return kind === 'original' ? { kind, original } : { kind: 'mine', original }
}
