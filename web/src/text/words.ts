// The shape of the words. English is the type: every other language has exactly its keys, the same
// arguments, and the plural forms that its own grammar needs.
import type { en } from './en.ts'

export const languages = ['fa', 'az', 'en', 'ru'] as const
export type Language = (typeof languages)[number]

// Persian and Azerbaijani leave the noun in the singular after a number, so one form is enough. Our own table,
// because browsers claim Azerbaijani and lack it.
export const forms = {
  fa: ['other'],
  az: ['other'],
  en: ['one', 'other'],
  ru: ['one', 'few', 'many'],
} as const satisfies Record<Language, readonly string[]>

export type Form<L extends Language = Language> = (typeof forms)[L][number]

/** A message that depends on a number: `by` names the argument that decides. */
export type Plural<By extends string, F extends string> = { readonly by: By } & { readonly [K in F]: string }

/** What a language must say for one area of the English words. */
export type Words<En, L extends Exclude<Language, 'en'>> = {
  readonly [K in keyof En]: En[K] extends { readonly by: infer By extends string } ? Plural<By, Form<L>> : string
}

export type Message = string | ({ readonly by: string } & { readonly [F in Form]?: string })
export type Key = keyof typeof en

type Named<S> = S extends `${string}{${infer Name}}${infer Rest}` ? Name | Named<Rest> : never
type ArgumentOf<M> = M extends { readonly by: infer By; readonly other: infer S } ? By | Named<S> : Named<M>

/** The arguments of a key, read from the English text; none when it has none. */
export type Args<K extends Key> = [ArgumentOf<(typeof en)[K]>] extends [never]
  ? []
  : [args: { readonly [A in ArgumentOf<(typeof en)[K]> & string]: string | number }]

export function isLanguage(value: unknown): value is Language {
  return languages.some((language) => language === value)
}

/** Which plural form `n` takes. Fractions in Russian take the form of 2 ("1,5 часа"). */
export function form(n: number, language: Language): Form {
  if (language === 'en') return n === 1 ? 'one' : 'other'
  if (language !== 'ru') return 'other'
  if (!Number.isInteger(n)) return 'few'
  const ten = Math.abs(n) % 10
  const hundred = Math.abs(n) % 100
  if (ten === 1 && hundred !== 11) return 'one'
  if (ten >= 2 && ten <= 4 && (hundred < 12 || hundred > 14)) return 'few'
  return 'many'
}
