// At the table: messages to their readers only, one screen at a time with the second one refused, pin, camera off and on.
import { assert, atTable, enter, figure, stats, until } from '../lib.mjs'

export default async function (world) {
  const node = await world.node()
  const sample = world.sample(node, { openDoor: true })
  const [left, right] = sample.parties
  const browser = await world.browser({ width: 320, height: 180, fps: 15, args: ['--auto-select-desktop-capture-source=Entire screen', '--auto-accept-this-tab-capture'] })
  const [a, b, c] = await Promise.all([world.page(browser), world.page(browser), world.page(browser)])
  for (const [page, party, role, nth] of [[a, left, 'delegate'], [b, left, 'delegate', 1], [c, right, 'head']]) {
    await enter(page, sample.link(party, role, nth))
    await atTable(page)
  }
  const say = async (page, to, text) => {
    await page.getByRole('combobox', { name: 'To' }).selectOption(to)
    await page.getByRole('textbox', { name: 'Your message' }).fill(text)
    await page.keyboard.press('Enter')
    await page.getByText(text).waitFor()
  }
  for (const page of [a, b, c]) await page.getByRole('button', { name: /^Messages/ }).click()
  await say(a, { label: 'Everybody' }, 'for everybody')
  await say(a, { label: 'Our side only' }, 'for our side')
  await b.getByText('for our side').waitFor()
  await c.getByText('for everybody').waitFor()
  await say(c, { label: 'Everybody' }, 'an answer')
  await a.getByText('an answer').waitFor()
  assert.equal(await c.getByText('for our side').count(), 0, 'the other side reads our side')
  for (const page of [a, b, c]) await page.keyboard.press('Escape')

  const head = await until('c sees the head', async () => Object.entries((await stats(c)).members).find(([id, m]) => id.startsWith(left) && m.camera?.framesDecoded > 0)?.[0])
  await a.getByRole('button', { name: /^Camera/ }).click()
  await c.getByText('Camera off').first().waitFor()
  const stood = await figure(c, head, 'camera', 'framesDecoded')
  await a.getByRole('button', { name: /^Camera/ }).click()
  await until('the picture comes back', async () => await figure(c, head, 'camera', 'framesDecoded') > stood + 5)

  await a.getByRole('button', { name: /^Screen/ }).click()
  await until('the screen is seen', async () => Object.values((await stats(c)).members).some((m) => m.screen?.framesDecoded > 0), 20_000)
  await until('the screen is in a codec made for text', async () => Object.values((await stats(c)).members).some((m) => m.screen?.codec === 'av1'))
  await world.shot(c, 'screen')
  await b.getByRole('button', { name: /^Screen/ }).click()
  await b.getByText('Another screen is being shown').first().waitFor()
  await a.getByRole('button', { name: /^Screen/ }).click()
  await until('the screen ends', async () => !Object.values((await stats(c)).members).some((m) => m.screen))
}
