// Numbers in the digits and separators of each language. Own table: browsers lack Azerbaijani.
import type { Language } from '../text/words.ts'

const marks: Readonly<Record<Language, { group: string; decimal: string }>> = {
  fa: { group: '٬', decimal: '٫' },
  az: { group: '.', decimal: ',' },
  en: { group: ',', decimal: '.' },
  ru: { group: '\u00A0', decimal: ',' },
}

/** `n` with its groups, and with at most `decimals` (2 unless told) after the point. */
export function number(n: number, language: Language, decimals = 2): string {
  const rounded = Number(Math.abs(n).toFixed(decimals))
  const [whole = '0', fraction] = rounded.toFixed(decimals).split('.')
  const { group, decimal } = marks[language]
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, group)
  const kept = fraction?.replace(/0+$/, '') ?? ''
  // U+2212, and before the digits in Persian too: the left-to-right mark keeps it on their left.
  const sign = n < 0 && rounded !== 0 ? (language === 'fa' ? '\u200E\u2212' : '\u2212') : ''
  return sign + digits(kept === '' ? grouped : grouped + decimal + kept, language)
}

/** Text with its digits as the language writes them; for years, clocks and numbers of documents, which have no groups. */
export function digits(text: string, language: Language): string {
  if (language !== 'fa') return text
  return text.replace(/[0-9]/g, (digit) => String.fromCharCode(0x06f0 + Number(digit)))
}

/** Latin digits for what a person typed in Persian or Arabic ones; for input fields. */
export function latinDigits(text: string): string {
  return text.replace(/[۰-۹٠-٩]/g, (digit) => String(digit.charCodeAt(0) & 0x0f))
}
