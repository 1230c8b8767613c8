// How large something is, as people and their machines' own windows read it: in thousands of 1,024.
import { number } from '../format/number.ts'
import { language, t } from '../language.svelte.ts'

export function sized(bytes: number): string {
  if (bytes >= 1 << 30) return t('size.gb', { n: number(bytes / (1 << 30), language(), 1) })
  if (bytes >= 1 << 20) return t('size.mb', { n: number(bytes / (1 << 20), language(), 1) })
  return t('size.kb', { n: number(Math.ceil(bytes / 1024), language(), 0) })
}
