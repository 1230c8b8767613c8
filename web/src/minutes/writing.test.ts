import { expect, test } from 'vitest'
import type { Paragraph } from '../protocol.ts'
import { brackets } from '../state/minutes.ts'
import { pieces, plain, standingOf, wholeOf } from './writing.ts'

const at = '2026-11-25T10:00:00Z'
const draft: Paragraph = { id: 'p1', text: { fa: 'الف' }, hash: 'h', revision: 1, at, by: 'left/a', sides: ['left'], version: 1, round: 1, said: [] }
const said = (by: string, text: string, round = 1) => ({ at, by, round, text })

test('where a paragraph stands, as each side sees it', () => {
  expect(standingOf(draft, 'left')).toBe('draft')
  expect(standingOf({ ...draft, proposed: { at, by: 'left/a' } }, 'right')).toBe('proposed')
  const committed = { ...draft, said: [said('left/a', 'h')] }
  expect([standingOf(committed, 'left'), standingOf(committed, 'right')]).toEqual(['ours', 'theirs'])
  expect(standingOf({ ...draft, round: 2, said: [said('left/a', 'h'), said('right/b', '')] }, 'left')).toBe('draft')
  expect(standingOf({ ...draft, agreed: { version: 1, at, text: draft.text, hash: 'h', by: [] } }, 'left')).toBe('agreed')
  expect(standingOf({ ...draft, text: {}, agreed: { version: 1, at, text: {}, hash: 'h', by: [] } }, 'left')).toBe('struck')
  expect(wholeOf([committed, draft], 'right')).toEqual({ all: 2, agreed: 0, toUs: 1, toThem: 0, brackets: 0 })
})

test('open words stand apart', () => {
  expect(pieces('eni [1520] mm')).toEqual([{ text: 'eni ', open: false }, { text: '[1520]', open: true }, { text: ' mm', open: false }])
  expect(pieces('')).toEqual([])
  expect(['', 'a', '[a]', '[a [b]]', 'a]', '[a', ']a['].map((text) => brackets({ fa: text }))).toEqual([0, 0, 1, 2, 1, 1, 2])
})

test('what is pasted is kept without what cannot be seen', () => {
  expect(plain('\u2066a\u2069\r\nb\u000bc\u0007 \u200cد ')).toBe('a\nb\nc \u200cد')
})
