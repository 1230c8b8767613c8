// Ten times the common go, and how far apart the principals appear to each other on the two screens. It measures; both pages run on one machine
// and so on one clock, which the pages do not know: each reckons the node's clock by its own pings.
import { appearing, assert, atTable, ceremony, enter, until } from '../lib.mjs'

export const measures = true
const rounds = 10

export default async function (world) {
  const { node, sample, pages: { a, c, s, z } } = await ceremony(world)
  const gaps = []
  for (let round = 0; round < rounds; round++) {
    const { after, apart, timeline } = await appearing({ sample, a, c, s, z })
    gaps.push(apart)
    console.log(`      ${round + 1}: ${after.join(' and ')} ms after the go, ${apart} apart; ${timeline}`)
    if (round === rounds - 1) break
    await z.getByRole('button', { name: 'End for both principals' }).click()
    await z.getByRole('button', { name: 'End now: both leave' }).click()
    for (const [page, party] of [[a, sample.parties[0]], [c, sample.parties[1]]]) {
      await page.getByText('The meeting of the principals has ended.').waitFor()
      await page.goto('about:blank')
      await enter(page, sample.link(party, 'head'))
      await atTable(page)
    }
    await until('the node goes on', () => fetch(node.url + '/healthz').then((r) => r.ok))
  }
  gaps.sort((x, y) => x - y)
  console.log(`      apart: half within ${gaps[rounds / 2 - 1]} ms, all within ${gaps.at(-1)} ms`)
  assert.ok(gaps.at(-1) <= 200, `${gaps.at(-1)} ms apart`)
}
