// From link to leave by keyboard alone.
import { assert, atTable, until } from '../lib.mjs'

export const beside = true

export default async function (world) {
  const node = await world.node()
  const sample = world.sample(node, { openDoor: true })
  const [left] = sample.parties
  const page = await world.page(await world.browser({ width: 320, height: 180, fps: 15 }))

  /** Tab until the focus is on something with this name; the focus must be visible there. */
  async function reach(name) {
    for (let i = 0; i < 60; i++) {
      await page.keyboard.press('Tab')
      const here = await page.evaluate(() => {
        const e = document.activeElement
        const s = e && getComputedStyle(e)
        return { name: (e?.getAttribute('aria-label') ?? e?.textContent ?? '').trim(), ring: s?.outlineStyle !== 'none' || s?.boxShadow !== 'none' }
      })
      if (name.test(here.name)) {
        assert.ok(here.ring, `no visible focus on ${here.name}`)
        return
      }
    }
    assert.fail(`the keyboard does not reach ${name}`)
  }

  await page.goto(sample.link(left, 'head'))
  await page.getByRole('button', { name: 'Enter the meeting' }).waitFor()
  await reach(/^Enter the meeting/)
  await page.keyboard.press('Enter')
  await atTable(page)
  await until('the microphone is on', async () => (await page.getByRole('button', { name: /^Microphone/ }).innerText()).includes('On'))
  await reach(/^Microphone/)
  await page.keyboard.press('Space')
  await page.getByRole('button', { name: /^Microphone/ }).getByText('Off', { exact: true }).waitFor()
  await page.keyboard.press('KeyM')
  await page.getByRole('button', { name: /^Microphone/ }).getByText('On', { exact: true }).waitFor()
  // By its place: where another keyboard writes another letter, and where a tick has just been set.
  const typed = await page.context().newCDPSession(page)
  const foreign = async (code, key) => { for (const type of ['keyDown', 'keyUp']) await typed.send('Input.dispatchKeyEvent', { type, code, key, ...(type === 'keyDown' ? { text: key } : {}) }) }
  for (const [key, state] of [['ئ', 'Off'], ['ь', 'On']]) {
    await foreign('KeyM', key)
    await page.getByRole('button', { name: /^Microphone/ }).getByText(state, { exact: true }).waitFor()
  }
  await page.getByRole('button', { name: /^Floor/ }).first().press('Enter')
  await page.getByRole('checkbox', { name: /alternate|turns/i }).press('Space')
  for (const [key, state] of [['ئ', 'Off'], ['m', 'On']]) {
    await foreign('KeyM', key)
    await page.getByRole('button', { name: /^Microphone/ }).getByText(state, { exact: true }).waitFor()
  }
  await page.keyboard.press('Escape')
  await reach(/^Hand/)
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: /^Hand/ }).getByText(/number 1/).waitFor()
  await reach(/^Messages/)
  await page.keyboard.press('Enter')
  await page.getByRole('textbox', { name: 'Your message' }).waitFor()
  await reach(/^Your message/).catch(() => page.getByRole('textbox', { name: 'Your message' }).focus())
  await page.keyboard.type('m v h c')
  for (const [code, key] of [['KeyM', 'ئ'], ['KeyV', 'м']]) await foreign(code, key)
  await page.keyboard.press('Enter')
  await page.getByText('m v h cئм').waitFor()
  assert.match(await page.getByRole('button', { name: /^Microphone/ }).innerText(), /On/, 'writing works the controls')
  await page.keyboard.press('Escape')
  await reach(/^Leave/)
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Come back' }).waitFor()
  assert.equal(await page.evaluate(() => typeof window.astara), 'undefined', 'the call goes on after leaving')
}
