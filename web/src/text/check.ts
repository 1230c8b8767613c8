// Finds what is wrong with the words: a key without a use, arguments or plural forms that differ between languages.
import { forms, languages, type Language, type Message } from './words.ts'

export type Texts = Readonly<Record<Language, Readonly<Record<string, Message>>>>

// Keys with these beginnings are built while running (`role.${role}`), or are the shared vocabulary of all screens
// (`button.`, `term.`): the search for literal keys does not apply to them.
export const builtOrShared = [
  'button.', 'term.', 'role.', 'language.', 'calendar.', 'standing.', 'line.', 'state.', 'refusal.', 'console.', 'paper.', 'size.', 'input.', 'check.', 'sound.', 'followed.', 'glossary.state.',
]

export function faults(texts: Texts, sources: readonly string[]): string[] {
  return [...languages.flatMap((language) => faultsOf(texts, language)), ...unused(texts, sources)]
}

function faultsOf(texts: Texts, language: Language): string[] {
  const found: string[] = []
  const words = texts[language]
  for (const key of Object.keys(texts.en)) if (!(key in words)) found.push(`${language}: ${key} is missing`)
  for (const [key, message] of Object.entries(words)) {
    const english = texts.en[key]
    if (english === undefined) {
      found.push(`${language}: ${key} is not in English`)
      continue
    }
    if (typeof message === 'string' ? message.trim() === '' : false) found.push(`${language}: ${key} is empty`)
    found.push(...pluralFaults(key, message, language))
    const [want, got] = [names(english).join(), names(message).join()]
    if (want !== got) found.push(`${language}: ${key} has arguments {${got}}, English has {${want}}`)
    if (language === 'fa') found.push(...persianFaults(key, message))
    if (language === 'az') found.push(...azerbaijaniFaults(key, message))
  }
  return found
}

function pluralFaults(key: string, message: Message, language: Language): string[] {
  if (typeof message === 'string') return []
  return forms[language].filter((form) => !message[form]?.trim()).map((form) => `${language}: ${key} lacks the form "${form}"`)
}

// Arabic letters and digits where Persian ones belong: they look alike and break search. A Latin name keeps its own (MP4, SHA-256).
function persianFaults(key: string, message: Message): string[] {
  const wrong = strings(message).join(' ').replace(/[A-Za-z][\w-]*/g, '').match(/[يك٠-٩0-9]/)
  return wrong ? [`fa: ${key} holds "${wrong[0]}", which is not a Persian letter or digit`] : []
}

// An official is addressed with the polite form, on a button too: "Söz istəyin", not "Söz istə".
function azerbaijaniFaults(key: string, message: Message): string[] {
  return strings(message).flatMap((text) => {
    const bare = text.match(/(?<!\p{L})(et|ver|aç|bağla|seç|götür|yaz|sil|saxla|qayıt|çıx|göstər|qoy|oxu|bitir|apar|çıxar|yoxla|yarat|keç|al|artır|azalt)$/u)
    return [...(bare ? [`az: ${key} ends with the bare imperative "${bare[1]}"`] : []), ...(/[«»]/.test(text) ? [`az: ${key} quotes with « », not “ ”`] : [])]
  })
}

function unused(texts: Texts, sources: readonly string[]): string[] {
  const code = sources.join('\n')
  return Object.keys(texts.en)
    .filter((key) => !builtOrShared.some((beginning) => key.startsWith(beginning)))
    .filter((key) => !["'", '"', '`'].some((quote) => code.includes(quote + key + quote)))
    .map((key) => `${key} is used nowhere`)
}

function strings(message: Message): string[] {
  return typeof message === 'string' ? [message] : Object.entries(message).filter(([name]) => name !== 'by').map(([, text]) => text)
}

// The deciding number of a plural need not stand in every form ("one person"), so it counts always.
function names(message: Message): string[] {
  const found = strings(message).flatMap((text) => [...text.matchAll(/\{([^}]+)\}/g)].map((match) => match[1] ?? ''))
  return [...new Set(typeof message === 'string' ? found : [...found, message.by])].sort()
}
