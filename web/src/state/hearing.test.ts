import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Booth, Choice, Hearing, Language, Meeting, MemberID } from '../protocol.ts'
import { hearing, relayQuality } from './hearing.ts'

interface Table {
  meeting: Meeting
  states: Record<Language, Record<string, Booth>>
  rows: { floor: Language; booths: Record<Language, string>; listener: MemberID; choice: Choice; want: Hearing }[]
}

const file = join(import.meta.dirname, '../../../meeting/testdata/hearing/table.json')

test.runIf(existsSync(file))('everybody hears what the rules in Go say', () => {
  const table = JSON.parse(readFileSync(file, 'utf8')) as Table
  for (const row of table.rows) {
    const booths = Object.fromEntries(Object.entries(row.booths).map(([language, state]) => [language, table.states[language]![state]!]))
    const meeting = { ...table.meeting, interpretation: { ...table.meeting.interpretation, floor: row.floor, booths } }
    expect(hearing(meeting, row.listener, row.choice), `${row.listener}, floor ${row.floor}, ${JSON.stringify(row.booths)}, ${JSON.stringify(row.choice)}`).toEqual(row.want)
  }
  expect(table.rows.length).toBeGreaterThan(900)
})

test.runIf(existsSync(file))('the sign of a relay', () => {
  const { meeting } = JSON.parse(readFileSync(file, 'utf8')) as Table
  const [az, en] = ['baku/rashad', 'tehran/yelena']
  const booths = { az: { from: ['fa', 'en'], onAir: az, outgoing: 'az' }, en: { from: ['ru'], onAir: en, outgoing: 'en' } }
  const state = { ...meeting, interpretation: { ...meeting.interpretation, floor: 'ru', booths } } as Meeting
  expect(['ru', 'en', 'az', 'fa'].map((language) => relayQuality(state, language))).toEqual(['floor', '+', '-', ''])
})
