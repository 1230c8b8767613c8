import { expect, test } from 'vitest'
import { added, moved, removed, total } from './agenda.ts'
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
  const two = added(added([]))
  const again = added(removed(two, two[1]?.id ?? ''))
  const all = [...two, ...again.slice(1)].map((item) => item.id)
  expect(new Set(all).size).toBe(3)
  for (const id of all) expect(id).toMatch(/^[a-z0-9-]{1,32}$/)
})

test('together', () => expect(total(list)).toBe(30))
