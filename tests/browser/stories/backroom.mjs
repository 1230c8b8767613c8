// The back room: what is whispered is heard by the own side that listens, and neither heard nor known by the other.
import { assert, atTable, axe, enter, figure, inLanguage, looked, stats, until } from '../lib.mjs'

const TONE = { head: 620, whispers: 780, other: 940 }

export default async function (world) {
  const node = await world.node()
  const sample = world.sample(node, { openDoor: true })
  const [left, right] = sample.parties
  const small = { width: 320, height: 180, fps: 15 }
  const a = await world.page(await world.browser({ hz: TONE.head, hue: 1, ...small }))
  const b = await world.page(await world.browser({ hz: TONE.whispers, hue: 2, ...small }))
  const c = await world.page(await world.browser({ hz: TONE.other, hue: 4, ...small }))
  for (const [page, party, role] of [[a, left, 'head'], [b, left, 'delegate'], [c, right, 'head']]) {
    await enter(page, sample.link(party, role), { raw: true })
    await atTable(page)
  }
  const who = `${left}/delegate`
  const hears = async (page, hz) => { const { hears } = await stats(page); return Math.abs(hears.hz - hz) < 30 && hears.db > -50 }
  const silent = async (page) => (await stats(page)).hears.db < -60
  await a.keyboard.press('KeyM')
  await c.keyboard.press('KeyM')
  await until('the delegate is heard on the floor', async () => await hears(a, TONE.whispers) && await hears(c, TONE.whispers))

  await b.getByRole('button', { name: 'Speak to our side only' }).click()
  await b.getByText('Only your side hears you.').waitFor()
  await until('the floor is silent', async () => await silent(a) && await silent(c))
  await a.keyboard.press('KeyB')
  await until('the own side hears', () => hears(a, TONE.whispers))
  await a.locator(`[data-member="${who}"]`).getByText('To our side only').waitFor()
  await c.keyboard.press('KeyB') // their own back room, where nobody speaks
  const pictures = await figure(c, who, 'camera', 'framesDecoded')
  await until('pictures go on', async () => await figure(c, who, 'camera', 'framesDecoded') > pictures + 20)
  const seen = (await stats(c)).members[who]
  assert.equal(seen.whisper, undefined, 'the other side has a seat for the whisper')
  assert.ok(await silent(c), 'the other side hears something')
  assert.equal(await c.getByText('To our side only', { exact: true }).count(), 0, 'the other side knows who whispers')
  await c.getByRole('button', { name: 'Leave our back room' }).waitFor()

  // Listening to the side, one still hears the floor.
  await c.keyboard.press('KeyM')
  await until('the other head is heard too', async () => await figure(a, `${right}/head`, 'microphone', 'packets') > 0)
  await b.keyboard.press('KeyW')
  await until('and alone', () => hears(a, TONE.other))
  await c.keyboard.press('KeyM')

  // The microphone ends the whisper: one voice goes to one place.
  await b.keyboard.press('KeyW')
  await b.getByText('Only your side hears you.').waitFor()
  await b.keyboard.press('KeyM')
  await b.getByText('Only your side hears you.').waitFor({ state: 'detached' })
  await until('the floor again', () => hears(c, TONE.whispers))

  // The node falls while somebody whispers: nothing of it comes to the floor.
  await b.keyboard.press('KeyW')
  await until('a whisper again', async () => await silent(c) && await hears(a, TONE.whispers))
  await node.kill()
  await until('the end is noticed', async () => (await stats(b)).line !== 'open', 10_000)
  await node.start()
  await until('lines are back', async () => (await Promise.all([a, b, c].map(stats))).every((s) => s.line === 'open'), 10_000)
  await b.getByText('Only your side hears you.').waitFor()
  await until('the own side hears again', () => hears(a, TONE.whispers))
  assert.ok(await silent(c), 'the other side hears something after the fall')
  await axe(b, 'whispering')

  for (const [language, page] of [['fa', b], ['az', a]]) {
    await inLanguage(page, language, { enters: true })
    await page.locator('.our-side').waitFor()
    assert.equal(await page.locator('.only').count(), 0, 'loading the page again whispers')
    await page.keyboard.press('KeyW')
    await page.locator('.only').waitFor()
    await until('pictures', async () => Object.values((await stats(page)).members).some((m) => m.camera?.framesDecoded > 3))
    await looked(world, page, language)
  }
  for (const page of [a, b, c]) assert.deepEqual(page.problems.filter((p) => !/ERR_CONNECTION_REFUSED|WebSocket|Failed to load/.test(p)), [])
}
