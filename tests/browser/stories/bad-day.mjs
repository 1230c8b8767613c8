// A bad day: the socket is cut, the node is killed and comes back; nobody loads the page again, and everything is as it was.
import { assert, atTable, enter, figure, stats, until } from '../lib.mjs'

export default async function (world) {
  const node = await world.node()
  const sample = world.sample(node, { openDoor: true })
  const [left, right] = sample.parties
  const a = await world.page(await world.browser({ width: 320, height: 180, fps: 15, hue: 1 }))
  const b = await world.page(await world.browser({ width: 320, height: 180, fps: 15, hue: 4 }))
  await enter(a, sample.link(left, 'head'))
  await atTable(a)
  await enter(b, sample.link(right, 'head'))
  await atTable(b)
  const other = await until('a picture', async () => Object.entries((await stats(a)).members).find(([, m]) => m.camera?.framesDecoded > 0)?.[0])

  await b.getByRole('button', { name: /^Hand/ }).click()
  await b.getByRole('button', { name: /^Messages/ }).click()
  await b.getByRole('textbox', { name: 'Your message' }).fill('kept over every fall')
  await b.keyboard.press('Enter')
  await a.getByRole('button', { name: /^Messages/ }).click()
  await a.getByText('kept over every fall').waitFor()

  await a.evaluate(() => { window.kept = true })
  await b.evaluate(() => { window.kept = true })

  // The line is cut for a moment.
  await a.context().setOffline(true)
  await until('the cut is noticed', async () => (await stats(a)).line !== 'open', 10_000)
  await a.context().setOffline(false)
  await until('the line is back', async () => (await stats(a)).line === 'open', 10_000)

  // The node is killed.
  await node.kill()
  await until('the end is noticed', async () => (await stats(a)).line !== 'open', 10_000)
  await node.start()
  const up = Date.now()
  await until('both lines are back', async () => (await stats(a)).line === 'open' && (await stats(b)).line === 'open', 5_000)
  const picture = await until('pictures again', async () => {
    const n = await figure(a, other, 'camera', 'framesDecoded')
    return new Promise((ok) => setTimeout(async () => ok(await figure(a, other, 'camera', 'framesDecoded') > n && n > 0 ? Date.now() - up : 0), 200))
  })
  console.log(`      pictures ${picture} ms after the node listened again`)
  assert.ok(await a.evaluate(() => window.kept) && await b.evaluate(() => window.kept), 'a page was loaded again')
  await a.getByText('kept over every fall').waitFor()
  await b.getByRole('button', { name: /^Hand.*number 1/s }).waitFor()
  assert.deepEqual(a.problems.filter((p) => !/ERR_(INTERNET_DISCONNECTED|CONNECTION_REFUSED)|WebSocket|Failed to load/.test(p)), [])
}
