// The floor: two chairs of equal right, one queue, one voice at a time. Over a reload and a killed node everything is as it was, and
// coming back opens nobody's microphone.
import { assert, atTable, axe, enter, figure, inLanguage, looked, stats, until } from '../lib.mjs'

const TONE = { left: 620, right: 940 }

export default async function (world) {
  const node = await world.node()
  const sample = world.sample(node, { openDoor: true })
  const [left, right] = sample.parties
  const ours = await world.browser({ hz: TONE.left, hue: 1, width: 320, height: 180, fps: 15 })
  const theirs = await world.browser({ hz: TONE.right, hue: 4, width: 320, height: 180, fps: 15 })
  const a = await world.page(ours)
  const b = await world.page(ours)
  const c = await world.page(theirs)
  for (const [page, party, role] of [[a, left, 'head'], [b, left, 'delegate'], [c, right, 'head']]) {
    await enter(page, sample.link(party, role), { raw: true })
    await atTable(page)
  }
  const id = { a: `${left}/head`, b: `${left}/delegate`, c: `${right}/head` }
  const name = { b: sample.name(left, 'delegate'), c: sample.name(right, 'head') }
  const hears = async (page, hz) => { const { hears } = await stats(page); return Math.abs(hears.hz - hz) < 30 && hears.db > -50 }
  await until('an open floor: the heads hear each other', async () => await hears(a, TONE.right) && await hears(c, TONE.left))

  // A chair makes the floor moderated. From then on nothing is sent of anybody.
  await a.getByRole('button', { name: /^Floor/ }).click()
  await a.getByRole('combobox', { name: 'How people speak' }).selectOption('moderated')
  for (const page of [a, b, c]) await page.getByText('Nobody has the floor.').waitFor()
  await c.getByRole('button', { name: /^Microphone.*Not heard/s }).waitFor()
  const quiet = async (page, who) => {
    const [sound, picture] = [await figure(page, who, 'microphone', 'packets'), await figure(page, who, 'camera', 'framesDecoded')]
    await until('pictures go on', async () => await figure(page, who, 'camera', 'framesDecoded') > picture + 15)
    const more = await figure(page, who, 'microphone', 'packets') - sound
    assert.ok(more <= 3, `${more} packets of ${who} without the floor`)
  }
  await quiet(a, id.c)
  assert.ok((await stats(c)).hears.db < -60, 'silence on the floor')

  // One queue in order of request, and the chair's one key.
  await c.locator('footer').getByRole('button', { name: /^Ask for the floor/ }).click()
  await c.getByRole('button', { name: /number 1/ }).waitFor()
  await b.keyboard.press('KeyH')
  await b.getByRole('button', { name: /number 2/ }).waitFor()
  await axe(a, 'a chair with the queue')
  await a.keyboard.press('KeyN')
  await c.getByRole('button', { name: /^Give the floor back/ }).waitFor()
  await until('the other head is heard', () => hears(a, TONE.right))
  await quiet(c, id.a)
  // The chair's own word is no louder than anybody's: one voice at a time, and a chair takes the floor in one action.
  await a.getByRole('button', { name: 'Take the floor', exact: true }).click()
  await until('the chair is heard', () => hears(c, TONE.left))
  await quiet(a, id.c)
  // The other chair has the same right.
  await c.getByRole('button', { name: new RegExp(`^Next: .*${name.b}`) }).click()
  await b.getByRole('button', { name: /^Give the floor back/ }).waitFor()
  await c.getByRole('button', { name: 'Take the floor back' }).click()
  await b.locator('footer').getByRole('button', { name: /^Ask for the floor/ }).waitFor()
  assert.equal(await b.getByRole('button', { name: /^Next/ }).count(), 0, 'a delegate has the chair\'s key')

  // A point of order goes before earlier requests.
  await b.keyboard.press('KeyH')
  await c.getByRole('button', { name: /^Floor/ }).click()
  await c.getByRole('button', { name: 'Raise a point of order' }).click()
  await a.getByText('Point of order', { exact: true }).waitFor()
  assert.deepEqual(await a.locator('aside ol strong').allInnerTexts().then((all) => all.map((text) => text.includes(name.c))), [true, false])
  await a.getByRole('button', { name: new RegExp(`^Next: .*${name.c}`) }).click()
  await until('the other head is heard', () => hears(a, TONE.right))

  // Loaded again, and the node killed: same floor, same queue, same accounts; no microphone opens by itself.
  await c.reload()
  await c.getByRole('button', { name: 'Enter the meeting' }).click()
  await atTable(c)
  await c.getByText('You have the floor, but your microphone is off.').waitFor()
  await until('who has the floor is silent', async () => (await stats(a)).hears.db < -60)
  await node.kill()
  await until('the end is noticed', async () => (await stats(a)).line !== 'open', 10_000)
  await node.start()
  await until('all lines are back', async () => (await Promise.all([a, b, c].map(stats))).every((s) => s.line === 'open'), 10_000)
  await c.getByRole('button', { name: /^Give the floor back/ }).waitFor()
  await b.getByRole('button', { name: /number 1/ }).waitFor()
  await c.getByRole('button', { name: 'Switch on' }).click()
  await until('and is heard after switching on', () => hears(a, TONE.right))

  for (const [language, page] of [['fa', c], ['az', a]]) {
    await inLanguage(page, language, { enters: true })
    await page.locator('.strip').waitFor()
    await page.locator('header .tools button').filter({ hasText: language === 'fa' ? 'نوبت سخن' : 'Söz' }).click()
    await until('pictures', async () => Object.values((await stats(page)).members).some((m) => m.camera?.framesDecoded > 3))
    await looked(world, page, language, { telephone: false })
    await page.keyboard.press('Escape')
    await looked(world, page, `${language}-table`)
  }
  for (const page of [a, b, c]) assert.deepEqual(page.problems.filter((p) => !/ERR_CONNECTION_REFUSED|WebSocket|Failed to load/.test(p)), [])
}
