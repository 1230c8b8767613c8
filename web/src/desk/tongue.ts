// The texts of a language other than that of the screen, for letters to invited people.
import { languages, type Language } from '../text/words.ts'
import type { Tongue } from './letter.ts'

export async function tongueOf(language: Language): Promise<Tongue> {
  switch (language) {
    case 'fa': return { language, texts: (await import('../text/fa.ts')).fa }
    case 'az': return { language, texts: (await import('../text/az.ts')).az }
    case 'en': return { language, texts: (await import('../text/en.ts')).en }
    case 'ru': return { language, texts: (await import('../text/ru.ts')).ru }
  }
}

export function allTongues(): Promise<Tongue[]> {
  return Promise.all(languages.map(tongueOf))
}
