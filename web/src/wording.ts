// The sentence for a refusal, in the language shown.
import { t, tIfKnown } from './language.svelte.ts'
import type { Refusal } from './state/session.ts'

/** Never a code: what has no words yet, or lacks what its sentence needs, becomes a general sentence. */
export function wording(refusal: Refusal): string {
  const sentence = tIfKnown(`refusal.${refusal.code}`, refusal.args)
  if (sentence === undefined || /\{[a-z]/.test(sentence)) return t('refusal.unknown')
  return sentence
}
