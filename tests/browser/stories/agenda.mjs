// The agenda is run from the room, what is decided is noted as it happens, and a text is answered by the head of each side.
import { assert, atTable, axe, enter, inLanguage, looked, stats, until } from '../lib.mjs'

export const beside = true

export default async function (world) {
  const node = await world.node()
  const sample = world.sample(node, { openDoor: true })
  const [left, right] = sample.parties
  const browser = await world.browser({ width: 320, height: 180, fps: 15 })
  const [a, b, c] = await Promise.all([world.page(browser), world.page(browser), world.page(browser)])
  for (const [page, party, role] of [[a, left, 'head'], [b, left, 'delegate'], [c, right, 'head']]) {
    await enter(page, sample.link(party, role))
    await atTable(page)
  }
  const item = (page, n) => page.locator('aside > .agenda > ol').first().locator('li').nth(n)
  for (const page of [a, b, c]) await page.locator('header').getByRole('button', { name: 'Agenda' }).click()
  assert.equal(await b.getByRole('button', { name: 'Take up' }).count(), 0, 'a delegate runs the agenda')

  await item(a, 0).getByRole('button', { name: 'Take up' }).click()
  for (const page of [a, b, c]) await item(page, 0).getByText('Being discussed').waitFor()
  await c.getByRole('region', { name: 'Course of the meeting' }).getByText(/1\./).waitFor()
  await item(c, 1).getByRole('button', { name: 'Postpone' }).click() // the other chair has the same right
  await item(b, 1).getByText('Postponed').waitFor()
  await item(a, 1).getByRole('button', { name: 'Open again' }).click()
  await item(b, 1).getByText('Being discussed').waitFor()
  await item(b, 0).getByText('To come').waitFor()

  await c.getByRole('textbox', { name: 'What was decided' }).fill('Yolun eni 1520 mm olsun.\nLayihə aprel ayında hazır olur.')
  await c.getByRole('button', { name: 'Note the decision' }).click()
  await b.getByText('Layihə aprel ayında hazır olur.').waitFor()

  // A text is put; each side's head answers; nobody else is asked.
  await a.getByRole('textbox', { name: 'Text for agreement' }).fill('هر دو طرف کارگروه مشترک تشکیل می‌دهند.')
  await a.getByRole('button', { name: 'Put the text to the sides' }).click()
  await axe(c, 'the text before a head')
  await c.getByRole('dialog').getByRole('button', { name: 'Agreed ad referendum' }).click()
  await a.getByRole('dialog').getByRole('button', { name: 'Answer later' }).click()
  await b.getByText('No answer yet').waitFor()
  assert.equal(await b.getByRole('dialog').count(), 0, 'a delegate is asked')
  await a.getByRole('button', { name: 'Answer the text' }).click()
  await a.getByRole('dialog').getByRole('button', { name: 'Agreed', exact: true }).click()
  for (const page of [a, b, c]) {
    await page.locator('dd.agreed').waitFor()
    await page.locator('dd.ad-referendum').waitFor()
  }

  // All of it outlives the node.
  await node.kill()
  await until('the end is noticed', async () => (await stats(b)).line !== 'open', 10_000)
  await node.start()
  await until('lines are back', async () => (await Promise.all([a, b, c].map(stats))).every((s) => s.line === 'open'), 10_000)
  await item(b, 1).getByText('Being discussed').waitFor()
  await b.locator('dd.ad-referendum').waitFor()

  for (const [language, page] of [['fa', a], ['az', c]]) {
    await inLanguage(page, language, { enters: true })
    await page.locator('.strip .item').click()
    await looked(world, page, language)
  }
  for (const page of [a, b, c]) assert.deepEqual(page.problems.filter((p) => !/ERR_CONNECTION_REFUSED|WebSocket|Failed to load/.test(p)), [])
}
