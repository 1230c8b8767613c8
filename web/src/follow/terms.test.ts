import { expect, test } from 'vitest'
import { areaID, emptyTerms, tidied, withMilestone } from './terms.ts'

// A milestone that was taken out leaves its id, under which both sides may have marked it as reached.
test('a milestone never gets the id of an earlier one', () => {
  const first = withMilestone(withMilestone([]))
  const again = withMilestone(first.slice(0, 1))
  const ids = [...first, ...again.slice(1)].map((one) => one.id)
  expect(new Set(ids).size).toBe(3)
  for (const id of ids) expect(id).toMatch(/^[a-z0-9-]{1,32}$/)
})

test('two areas of one\'s own are one only if they are called the same', () => {
  const [sport, fishing] = [{ az: 'İdman', fa: 'ورزش' }, { az: 'Balıqçılıq', fa: 'شیلات' }]
  expect(areaID(sport)).not.toBe(areaID(fishing))
  expect(areaID({ fa: 'ورزش', az: 'İdman' })).toBe(areaID(sport))
  expect(areaID(sport)).toMatch(/^[a-z0-9-]{1,32}$/)
  expect(tidied(emptyTerms(), sport).areas).toEqual([{ id: areaID(sport), names: sport }])
  expect(tidied({ ...emptyTerms(), areas: [{ id: areaID(sport), names: sport }] }, sport).areas).toHaveLength(1)
  expect(tidied(emptyTerms(), {}).areas).toEqual([])
})
