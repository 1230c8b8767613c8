// The screens of a meeting, from the door to the end, in every language at four sizes.
import { spawn } from 'node:child_process'
import path from 'node:path'
import { BIN, assert, atTable, enter, lookEverywhere, stats, until } from '../lib.mjs'
import { slower } from '../media.mjs'

// Nothing here is about movement, and two cores draw all that moves on four sizes of window.
const slow = { width: 320, height: 180, fps: 5 }

export const beside = true

export default async function (world) {
  const node = await world.node()
  const sample = world.sample(node)
  const [left, right] = sample.parties
  const browser = await world.browser({ ...slow, hue: 2 })

  const head = await world.page(browser)
  await head.goto(sample.link(left, 'head'))
  await head.getByText('The line is good').or(head.getByText(/Answer after/)).first().waitFor()
  await lookEverywhere(world, head, '09-door')
  await head.getByRole('button', { name: 'Enter the meeting' }).click()
  await head.getByRole('heading', { name: 'Please wait a moment' }).waitFor()
  await lookEverywhere(world, head, '10-lobby')

  const secretary = await world.page(browser)
  await enter(secretary, sample.link(left, 'secretary'))
  await atTable(secretary)
  const picture = slower(path.join(world.dir, 'slow.ivf'), slow)
  const bots = sample.rows.filter((r) => r.party === right && ['head', 'delegate', 'adviser'].includes(r.role) || r.party === right && r.role === 'secretary')
    .map((r) => spawn(BIN, ['bot', '--link', r.link, '--seconds', '3600', '--video', picture], { stdio: 'ignore' }))
  world.onClose(() => Promise.all(bots.map((b) => new Promise((ok) => { b.once('exit', ok); b.kill() }))))
  const otherSecretary = await world.page(browser)
  await otherSecretary.goto(sample.link(right, 'secretary-sign-in'))
  await otherSecretary.getByRole('button', { name: 'Later' }).click()
  await otherSecretary.getByRole('link', { name: /railway/ }).first().click()
  await otherSecretary.getByRole('link', { name: 'People' }).first().click()
  await otherSecretary.getByRole('button', { name: /^Admit all/ }).click()
  await secretary.getByRole('button', { name: 'Admit', exact: true }).first().click()
  await atTable(head)
  await until('pictures of the other side', async () => Object.values((await stats(head)).members).filter((m) => m.camera?.framesDecoded > 0).length >= 3, 30_000)

  const inSettings = (page) => async (language) => {
    const button = page.locator(`.languages button[lang=${language}]`)
    if (!(await button.isVisible().catch(() => false))) await page.locator('header button').last().click()
    await button.click()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'hidden' })
  }
  await lookEverywhere(world, head, '11-table', inSettings(head))
  await head.getByRole('button', { name: /^Messages/ }).click()
  await head.getByRole('textbox', { name: 'Your message' }).fill('سلام، Salam, good day')
  await head.keyboard.press('Enter')
  await head.getByText('سلام، Salam, good day').waitFor()
  await lookEverywhere(world, head, '12-messages', inSettings(head))
  await head.locator('header button').last().click()
  await head.getByRole('dialog').waitFor()
  await lookEverywhere(world, head, '13-settings')
  await head.keyboard.press('Escape')
  await lookEverywhere(world, secretary, '14-people', inSettings(secretary))
  await head.getByRole('button', { name: /^Leave/ }).click()
  await head.getByRole('button', { name: 'Come back' }).waitFor()
  await lookEverywhere(world, head, '15-left')
  for (const p of [head, secretary]) assert.deepEqual(p.problems, [])
}
