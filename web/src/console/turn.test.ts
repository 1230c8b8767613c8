import { expect, test } from 'vitest'
import { turnOf } from './turn.ts'

test.each([[0, '00:00', 'running'], [59, '00:59', 'running'], [1_499, '24:59', 'running'], [1_500, '25:00', 'warning'], [1_799, '29:59', 'warning'], [1_800, '30:00', 'over'], [-5, '00:00', 'running']])('after %s s', (seconds, text, state) => {
  expect(turnOf('2027-03-21T08:30:00Z', Date.parse('2027-03-21T08:30:00Z') + seconds * 1_000)).toEqual({ text, state })
})

test('nobody on air has no turn', () => expect(turnOf(undefined, 0)).toBeUndefined())
