import { beforeAll, describe, expect, test, vi } from 'vitest'
import type { Party, Summary } from '../protocol.ts'
import { switchLanguage } from '../language.svelte.ts'
import { agreementOfSummary, agreementWords } from './agreement.ts'
import { inOrder } from './summaries.ts'

const party = (id: string, name: string): Party => ({ id, names: { en: name }, language: 'en', zone: 'UTC', calendar: 'gregory' })
const two = [party('iran', 'Iran'), party('azerbaijan', 'Azerbaijan')]
const three = [...two, party('turkey', 'Türkiye')]
const summary = (parties: Party[], version: number, agreed: Record<string, number>, more: Partial<Summary> = {}): Summary => ({
  id: 'c', title: {}, parties, startsAt: '2026-12-01T06:30:00Z', minutes: 60, version, agreed, cancelled: false, waiting: 0, present: 0, ...more,
})

beforeAll(async () => {
  vi.stubGlobal('document', { documentElement: {} })
  await switchLanguage('en')
})

describe('the sentence', () => {
  const table: [Summary, string][] = [
    [summary(two, 1, { iran: 1 }), 'Proposed by Iran; waiting for Azerbaijan'],
    [summary(two, 1, { iran: 1, azerbaijan: 1 }), 'Agreed by both sides'],
    [summary(two, 3, { iran: 2, azerbaijan: 3 }), 'Changed by Azerbaijan; waiting for Iran'],
    [summary(three, 2, { iran: 2, azerbaijan: 1 }), 'Changed by Iran; waiting for Azerbaijan and Türkiye'],
    [summary(three, 2, { iran: 2, azerbaijan: 2 }), 'Agreed by Iran and Azerbaijan; waiting for Türkiye'],
    [summary(three, 2, { iran: 2, azerbaijan: 2, turkey: 2 }), 'Agreed by all sides'],
    [summary(two, 1, { iran: 1, azerbaijan: 1 }, { cancelled: true }), 'Cancelled'],
  ]
  test.each(table)('%#', (of, want) => {
    expect(agreementWords(agreementOfSummary(of), of.parties).replace(/[\u2068\u2069]/g, '')).toBe(want)
  })
  test('who cancelled', () => {
    expect(agreementWords({ state: 'cancelled', by: 'iran' }, two)).toBe('Cancelled by \u2068Iran\u2069')
  })
})

test('what is to come is first, the nearest on top', () => {
  const at = (id: string, startsAt: string, more: Partial<Summary> = {}) => summary(two, 1, {}, { id, startsAt, ...more })
  const all = [
    at('later', '2026-12-09T00:00:00Z'), at('soon', '2026-12-02T00:00:00Z'), at('running', '2026-11-30T23:30:00Z'),
    at('past', '2026-11-01T00:00:00Z'), at('longer', '2026-11-30T20:00:00Z', { present: 3 }), at('cancelled', '2026-12-05T00:00:00Z', { cancelled: true }),
  ]
  const { upcoming, earlier } = inOrder(all, new Date('2026-12-01T00:00:00Z'))
  expect(upcoming.map((each) => each.id)).toEqual(['longer', 'running', 'soon', 'later'])
  expect(earlier.map((each) => each.id)).toEqual(['cancelled', 'past'])
})
