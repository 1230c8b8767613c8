// The language of the interface: switched live, kept in this browser.
import { directionOf } from './format/direction.ts'
import { say } from './text/say.ts'
import { isLanguage, languages, type Args, type Key, type Language, type Message } from './text/words.ts'

type Texts = Readonly<Record<Key, Message>>

const load: Record<Language, () => Promise<Texts>> = {
  fa: async () => (await import('./text/fa.ts')).fa,
  az: async () => (await import('./text/az.ts')).az,
  en: async () => (await import('./text/en.ts')).en,
  ru: async () => (await import('./text/ru.ts')).ru,
}

let shown = $state.raw<{ language: Language; texts: Texts | undefined }>({ language: 'en', texts: undefined })

/** The languages in their own names, as the switch shows them. */
export const ownNames: Readonly<Record<Language, string>> = {
  fa: 'فارسی', az: 'Azərbaycan', en: 'English', ru: 'Русский',
}

export function language(): Language {
  return shown.language
}

export function direction(of: Language = shown.language): 'rtl' | 'ltr' {
  return directionOf(of)
}

/** The sentence of a key in the language shown; read in a template it follows the switch. */
export function t<K extends Key>(key: K, ...args: Args<K>): string {
  const message = shown.texts?.[key]
  return message === undefined ? '' : say(message, args[0] ?? {}, shown.language)
}

/** For codes that come from the server: the sentence when the key exists, otherwise undefined. */
export function tIfKnown(key: string, args: Readonly<Record<string, string | number>>): string | undefined {
  const texts: Readonly<Record<string, Message>> | undefined = shown.texts
  const message = texts && Object.hasOwn(texts, key) ? texts[key] : undefined
  return message === undefined ? undefined : say(message, args, shown.language)
}

let asked = 0

/** Shows the language once its words are here; of two quick switches the later one wins. With `keep` it is this browser's choice. */
export async function switchLanguage(to: Language, { keep = true } = {}): Promise<void> {
  const mine = ++asked
  const texts = await load[to]()
  if (mine !== asked) return
  shown = { language: to, texts }
  document.documentElement.lang = to
  document.documentElement.dir = direction(to)
  if (!keep) return
  try {
    localStorage.setItem('language', to)
  } catch {
    // Storage is forbidden in some browsers; the choice then lasts as long as the page.
  }
}

/** The language that a member was invited in: shown unless the person has chosen one here, or we do not speak it. */
export async function suggestLanguage(to: string): Promise<void> {
  if (isLanguage(to) && keptLanguage() === undefined) await switchLanguage(to, { keep: false })
}

function keptLanguage(): Language | undefined {
  try {
    const kept = localStorage.getItem('language')
    return isLanguage(kept) ? kept : undefined
  } catch {
    return undefined
  }
}

/** The language chosen here before, else the first of the browser's that we speak, else English. */
export function preferredLanguage(): Language {
  const kept = keptLanguage()
  if (kept) return kept
  for (const tag of navigator.languages) {
    const base = tag.toLowerCase().split('-')[0]
    if (isLanguage(base)) return base
  }
  return 'en'
}

export { languages, type Language }
