import { expect, test } from 'vitest'
import { added, freshID, moved, removed, total } from './agenda.ts'
import type { AgendaItem } from '../protocol.ts'

const item = (id: string, minutes = 10): AgendaItem => ({ id, title: { en: id }, minutes })
const list = [item('a'), item('b', 20), item('c', 0)]
const ids = (items: readonly AgendaItem[]) => items.map((each) => each.id).join('')

const moves: [string, -1 | 1, string][] = [
  ['a', -1, 'abc'], ['a', 1, 'bac'], ['b', -1, 'bac'], ['b', 1, 'acb'], ['c', 1, 'abc'], ['c', -1, 'acb'], ['x', 1, 'abc'],
]
test.each(moves)('%s by %d', (id, by, want) => {
  expect(ids(moved(list, id, by))).toBe(want)
  expect(ids(list)).toBe('abc')
})

test('an id is new, also after one was removed', () => {
  expect(freshID([])).toBe('item-1')
  const two = added(added([]))
  expect(ids(two)).toBe('item-1item-2')
  expect(ids(added(removed(two, 'item-1')))).toBe('item-2item-3')
})

test('together', () => expect(total(list)).toBe(30))
