// The sentence for a refusal, in the language shown.
import { t, tIfKnown } from './language.svelte.ts'
import type { RefusalCode } from './protocol.ts'
import { isLanguage, type Key } from './text/words.ts'
import type { Refusal } from './state/session.ts'

// Does not compile while a code of the server is without words.
type Wordless = Exclude<`refusal.${RefusalCode}`, Key>
const allWorded: [Wordless] extends [never] ? true : Wordless = true

/** Never a code: what has no words (a newer server), or lacks what its sentence needs, becomes a general sentence. */
export function wording(refusal: Pick<Refusal, 'code' | 'args'>): string {
  const { language } = refusal.args
  const args = isLanguage(language) ? { ...refusal.args, language: t(`language.${language}`) } : refusal.args
  const sentence = allWorded && tIfKnown(`refusal.${refusal.code}`, args)
  return !sentence || /\{[a-z]/.test(sentence) ? t('refusal.unknown') : sentence
}
