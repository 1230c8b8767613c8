// Turns a message and its arguments into a sentence.
import { number } from '../format/number.ts'
import { isolate } from './bidi.ts'
import { form, type Language, type Message } from './words.ts'

/** Numbers take the language's digits; names are isolated, so that a Persian name cannot turn an English sentence round. */
export function say(message: Message, args: Readonly<Record<string, string | number>>, language: Language): string {
  return template(message, args, language).replace(/\{([^}]+)\}/g, (whole, name: string) => {
    const value = args[name]
    if (value === undefined) return whole
    return typeof value === 'number' ? number(value, language) : isolate(value)
  })
}

function template(message: Message, args: Readonly<Record<string, string | number>>, language: Language): string {
  if (typeof message === 'string') return message
  return message[form(Number(args[message.by] ?? 0), language)] ?? ''
}
