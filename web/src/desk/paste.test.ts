import { expect, test } from 'vitest'
import type { Person } from '../protocol.ts'
import { az } from '../text/az.ts'
import { en } from '../text/en.ts'
import { fa } from '../text/fa.ts'
import { ru } from '../text/ru.ts'
import { parsed, roles, vocabulary } from './paste.ts'

const words = vocabulary([fa, az, en, ru], ['fa', 'az', 'en', 'ru'])
const person = (line: string): Person | string => {
  const [found] = parsed(line, words, 'fa')
  return found?.fault ? `${found.fault.what} ${found.fault.word}`.trim() : (found?.person ?? 'nobody')
}

const table: [string, Person | string][] = [
  ['علی رضایی; معاون وزیر; رئیس هیئت; فارسی', { id: '', name: 'علی رضایی', function: 'معاون وزیر', role: 'head', language: 'fa' }],
  ['سارا کریمی؛ ؛ مترجم؛ ترکی آذربایجانی', { id: '', name: 'سارا کریمی', role: 'interpreter', language: 'az' }],
  ['Leyla İbrahimova; Şöbə müdiri; Müşavir; Azərbaycan dili', { id: '', name: 'Leyla İbrahimova', function: 'Şöbə müdiri', role: 'adviser', language: 'az' }],
  ['Rəşad Əliyev;;NÜMAYƏNDƏ HEYƏTİNİN BAŞÇISI;az', { id: '', name: 'Rəşad Əliyev', role: 'head', language: 'az' }],
  ['Иван Петров\tначальник отдела; заместитель\tНаблюдатель\tРусский', { id: '', name: 'Иван Петров', function: 'начальник отдела; заместитель', role: 'observer', language: 'ru' }],
  ['Ann Lee', { id: '', name: 'Ann Lee', role: 'delegate', language: 'fa' }],
  ['Ann Lee; ; technician;English;;', { id: '', name: 'Ann Lee', role: 'technician', language: 'en' }],
  ['مينا; كارشناس; هيئت; فارسى', 'role هيئت'],
  ['; x; head; fa', 'name'],
  ['Ann; x; king; fa', 'role king'],
  ['Ann; x; head; Klingon', 'language Klingon'],
  ['Ann; x; head; fa; more', 'columns'],
]
test.each(table)('%s', (line, want) => expect(person(line)).toEqual(want))

test('lines keep their numbers, empty ones are none', () => {
  expect(parsed('\r\nAnn\r\n\r\n  \nBob', words, 'en').map((line) => [line.number, line.person.name])).toEqual([[2, 'Ann'], [5, 'Bob']])
})

test('Arabic letters and joiners do not matter', () => {
  expect(person('مینا; ; عضو هيئت; فارسي')).toMatchObject({ role: 'delegate', language: 'fa' })
  expect(person('مینا; ; دبیر‌هیئت; ترکی‌آذربایجانی')).toMatchObject({ role: 'secretary', language: 'az' })
})

test('every role and language of the screen is understood in every language', () => {
  for (const texts of [fa, az, en, ru]) {
    for (const role of roles) expect(person(`A; ; ${texts[`role.${role}`]}; fa`)).toMatchObject({ role })
    for (const each of ['fa', 'az', 'en', 'ru'] as const) expect(person(`A; ; head; ${texts[`language.${each}`]}`)).toMatchObject({ language: each })
  }
})
