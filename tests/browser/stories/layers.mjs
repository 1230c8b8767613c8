// Layers: a small tile gets a small picture, a pinned one the largest, and the camera that nobody watches is not sent.
import { assert, atTable, enter, stats, until } from '../lib.mjs'

export default async function (world) {
  const node = await world.node()
  const sample = world.sample(node, { openDoor: true })
  const [left, right] = sample.parties
  const browser = await world.browser({ width: 1280, height: 720, fps: 5 })
  const sender = await world.page(browser, { width: 400, height: 400 })
  await enter(sender, sample.link(left, 'head'))
  await atTable(sender)
  const encodings = async () => (await stats(sender)).sent.filter((one) => one.kind === 'video' && one.rid)
  const active = async () => (await encodings()).filter((one) => one.active).map((one) => one.rid).sort().join('')
  const frames = async () => (await encodings()).reduce((sum, one) => sum + one.frames, 0)

  // Alone: nobody watches, so nothing is sent, until somebody comes.
  await until('an unwatched camera is off', async () => (await encodings()).length === 3 && await active() === '', 5000)
  await sender.waitForTimeout(300) // what is being encoded goes out
  const stood = await frames()
  await sender.waitForTimeout(1500)
  assert.equal(await frames(), stood, 'frames of a camera that nobody watches')

  const viewer = await world.page(browser, { width: 500, height: 900 })
  await enter(viewer, sample.link(right, 'delegate'))
  await atTable(viewer)
  const head = `${left}/head`
  const seen = async () => (await stats(viewer)).members[head]?.camera
  await until('a picture', async () => (await seen())?.framesDecoded > 2)
  await until('the picture of a small tile', async () => await active() === 'h' && (await seen()).width === 640, 20_000)

  // Pinned: the largest.
  let began = Date.now()
  const pin = viewer.locator(`li[data-member="${head}"] button.pin`)
  await pin.click()
  await until('the largest is sent', async () => (await active()).includes('f'), 20_000)
  await until('the largest picture', async () => (await seen()).width === 1280, 20_000)
  console.log(`      the largest picture ${Date.now() - began} ms after the pin`)
  await until('only the largest is sent', async () => await active() === 'f', 10_000)
  await pin.click()
  await until('smaller again', async () => (await seen()).width === 640, 20_000)

  // The viewer looks at another page: the camera is off, and on again when they come back.
  const look = (state) => viewer.evaluate((to) => {
    Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => to })
    document.dispatchEvent(new Event('visibilitychange'))
  }, state)
  began = Date.now()
  await look('hidden')
  await until('the camera is not sent', async () => await active() === '', 10_000)
  console.log(`      the camera off ${Date.now() - began} ms after nobody looked`)
  await sender.waitForTimeout(300)
  const decoded = (await seen()).framesDecoded
  began = Date.now()
  await look('visible')
  await until('the picture again', async () => (await seen()).framesDecoded > decoded, 10_000)
  console.log(`      a picture ${Date.now() - began} ms after looking again`)
  assert.deepEqual(sender.problems, [])
  assert.deepEqual(viewer.problems, [])
}
