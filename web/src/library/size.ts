// How large something is, as people read it.
import { number } from '../format/number.ts'
import { language, t } from '../language.svelte.ts'

export function sized(bytes: number): string {
  if (bytes >= 1e9) return t('size.gb', { n: number(bytes / 1e9, language(), 1) })
  if (bytes >= 1e6) return t('size.mb', { n: number(bytes / 1e6, language(), 1) })
  return t('size.kb', { n: number(Math.ceil(bytes / 1e3), language(), 0) })
}
