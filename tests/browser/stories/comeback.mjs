// What survives a page that is loaded again and a node that falls: who has the floor and who asks for it, its language, what each listens to, an
// interpreter's preset and volume. What does not: being on air. Nobody is put there by coming back.
import { assert, atDesk, atTable, enter, stats, until, worded } from '../lib.mjs'

export default async function (world) {
  const node = await world.node()
  const sample = world.sample(node, { openDoor: true })
  const [left, right] = sample.parties
  const browser = await world.browser({ width: 320, height: 180, fps: 15, hz: 440 })
  await atDesk(world, browser, sample, left, [['interpreter.assign', { member: `${left}/interpreter`, booth: 'en' }]])

  const chair = await world.page(browser)
  await enter(chair, sample.link(left, 'head'))
  await atTable(chair)
  const listener = await world.page(browser, { width: 1400, height: 900 })
  await enter(listener, sample.link(right, 'delegate'))
  await atTable(listener)
  const booth = await world.page(browser, { width: 1400, height: 1000 })
  await enter(booth, sample.link(right, 'interpreter'))
  await booth.locator('.console').waitFor()

  // A moderated floor: the delegate has it, another asks for it, and English is spoken.
  const head = await world.bot(sample.link(right, 'head'), { hz: 500 })
  await head.order('floor.set', { mode: 'moderated', alternate: true, limit: 180 })
  const asks = await world.bot(sample.link(left, 'adviser'), { hz: 600 })
  await asks.order('floor.ask')
  await head.order('floor.grant', { member: `${right}/delegate`, turn: 0 })
  await listener.keyboard.press('KeyL')
  await listener.locator('.listening input[value="channel:en"]').check()
  await listener.getByRole('slider').fill('25')
  await listener.getByLabel(/^I (am speaking|speak)/).selectOption('ru')
  for (const key of ['Digit4', 'Equal', 'Equal', 'KeyM']) await booth.keyboard.press(key)
  await booth.getByRole('status').filter({ hasText: worded('On air: Azerbaijani') }).waitFor()

  await chair.getByRole('button', { name: /^Floor/ }).first().click()
  const name = sample.name(right, 'delegate')
  const same = async (what) => {
    for (const page of [chair, listener]) await page.locator('.strip .who').getByText(name).waitFor()
    await chair.locator('.floor ol').getByText(sample.name(left, 'adviser')).waitFor()
    await booth.locator('header dl').getByText('Russian').waitFor()
    await until(`the channel after ${what}`, () => listener.locator('.listening input[value="channel:en"]').isChecked().catch(() => false))
    assert.equal(await listener.getByRole('slider').inputValue(), '25', `the original's level after ${what}`)
    await listener.getByText(worded('Nobody is interpreting now (English); you hear the original.')).waitFor()
    assert.equal(await booth.getByRole('button', { name: /^Relay B/ }).getAttribute('aria-pressed'), 'true', `the preset after ${what}`)
    await booth.getByText(worded('Volume +4 dB')).first().waitFor()
    await booth.getByText('Nobody of this booth is on air').waitFor()
  }

  for (const page of [booth, listener, chair]) {
    await page.reload()
    await page.getByRole('button', { name: 'Enter the meeting' }).click()
  }
  await booth.locator('.console').waitFor()
  await atTable(listener)
  await listener.keyboard.press('KeyL')
  await atTable(chair)
  await chair.getByRole('button', { name: /^Floor/ }).first().click()
  await same('a reload')
  await listener.getByRole('button', { name: /^Microphone.*off/is }).waitFor()

  await booth.keyboard.press('KeyM')
  await booth.getByRole('status').filter({ hasText: worded('On air: Azerbaijani') }).waitFor()
  await node.kill()
  await until('the end is noticed', async () => (await Promise.all([chair, listener, booth].map(stats))).every((one) => one.line !== 'open'), 10_000)
  await node.start()
  await until('lines are back', async () => (await Promise.all([chair, listener, booth].map(stats))).every((one) => one.line === 'open'), 10_000)
  await same('a fall of the node')
  for (const page of [chair, listener, booth]) assert.deepEqual(page.problems.filter((p) => !/ERR_CONNECTION_REFUSED|WebSocket|Failed to load/.test(p)), [])
}
