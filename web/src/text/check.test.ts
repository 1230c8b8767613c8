import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { az } from './az.ts'
import { bare, isolate } from './bidi.ts'
import { faults, type Texts } from './check.ts'
import { en } from './en.ts'
import { fa } from './fa.ts'
import { ru } from './ru.ts'
import { say } from './say.ts'
import { form, type Language } from './words.ts'

const src = join(import.meta.dirname, '..')

function sources(): string[] {
  return readdirSync(src, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(ts|svelte)$/.test(name) && !name.endsWith('.test.ts') && !name.startsWith('text'))
    .map((name) => readFileSync(join(src, name), 'utf8'))
}

test('the four languages are complete, and no word is without a use', () => {
  expect(faults({ fa, az, en, ru }, sources())).toEqual([])
})

test('the checker finds what is wrong', () => {
  const texts: Texts = {
    en: { a: 'One', b: 'To {name}', c: { by: 'n', one: '{n} seat', other: '{n} seats' }, d: 'Used nowhere' },
    fa: { a: 'يك', b: 'به {name}', c: { by: 'n', other: '{n} جا' }, d: 'هیچ' },
    az: { a: 'Faylı sil', b: 'Kimə: {who}', c: { by: 'n', other: '{n} yer' } },
    ru: { a: 'Один', b: 'Кому: {name}', c: { by: 'n', one: '{n} место', few: '{n} места' }, d: 'Нигде', e: 'Лишнее' },
  }
  expect(faults(texts, [`t('a'); t("b", {}); t(\`c\`)`])).toEqual([
    'fa: a holds "ي", which is not a Persian letter or digit',
    'az: d is missing',
    'az: a ends with the bare imperative "sil"',
    'az: b has arguments {who}, English has {name}',
    'ru: c lacks the form "many"',
    'ru: e is not in English',
    'd is used nowhere',
  ])
})

describe('plural forms', () => {
  const table: [number, Language, string][] = [
    [0, 'en', 'other'], [1, 'en', 'one'], [2, 'en', 'other'],
    [0, 'ru', 'many'], [1, 'ru', 'one'], [2, 'ru', 'few'], [4, 'ru', 'few'], [5, 'ru', 'many'],
    [11, 'ru', 'many'], [12, 'ru', 'many'], [14, 'ru', 'many'], [21, 'ru', 'one'], [22, 'ru', 'few'],
    [101, 'ru', 'one'], [111, 'ru', 'many'], [112, 'ru', 'many'], [1.5, 'ru', 'few'],
    [1, 'fa', 'other'], [2, 'fa', 'other'], [1, 'az', 'other'], [5, 'az', 'other'],
  ]
  test.each(table)('%d in %s is %s', (n, language, want) => expect(form(n, language)).toBe(want))
})

test('numbers take the digits of the language, names are isolated', () => {
  expect(say('{n} نفر با {name}', { n: 12, name: 'Əli' }, 'fa')).toBe('۱۲ نفر با \u2068Əli\u2069')
  expect(say({ by: 'n', one: '{n} минута', few: '{n} минуты', many: '{n} минут' }, { n: 22 }, 'ru')).toBe('22 минуты')
})

test('a name cannot turn the sentence around it', () => {
  expect(bare('Ali\u202E\u2066gpj')).toBe('Aligpj')
  expect(bare('علی\u200Cرضا')).toBe('علی\u200Cرضا')
  expect(isolate('a\u2069b')).toBe('\u2068ab\u2069')
})
