// An hour of an interpreter at speed: handovers, presets, chat, languages of the floor, and the messages about lines and speakers that come by
// themselves. What the page keeps in memory does not grow with them.
import { assert, atDesk, enter, until, worded } from '../lib.mjs'

const MINUTES = Number(process.env.MINUTES ?? 60)
const most = 20 // MB an hour

export default async function (world) {
  const node = await world.node()
  const sample = world.sample(node, { openDoor: true })
  const [left, right] = sample.parties
  const browser = await world.browser({ width: 320, height: 180, fps: 5, hz: 440, args: ['--enable-precise-memory-info'] })
  await atDesk(world, browser, sample, right, [
    ['member.change', { person: { id: 'technician', name: 'Elnur', role: 'interpreter', language: 'az' } }], ['interpreter.assign', { member: `${right}/technician`, booth: 'az' }]])
  const [one, other, mate] = [await world.bot(sample.link(left, 'head'), { hz: 500 }), await world.bot(sample.link(right, 'head'), { hz: 600 }), await world.bot(sample.link(right, 'technician'), { hz: 700 })]
  const page = await world.page(browser, { width: 1400, height: 1000 })
  await page.addInitScript(keepMessages)
  await enter(page, sample.link(right, 'interpreter'))
  await page.locator('.console').waitFor()
  const status = (words) => page.getByRole('status').filter({ hasText: worded(words) }).first().waitFor()
  await one.order('loud', { level: 25 })
  await until('lines and speakers have been told', () => page.evaluate(() => window.last.lines !== undefined && window.last.speakers !== undefined))
  await page.keyboard.press('KeyM')
  await status('On air: Azerbaijani')

  const minute = async (n) => {
    await one.order('floor-language.mark', { language: n % 2 ? 'fa' : 'ru' })
    await other.order('microphone.set', { on: n % 2 === 0 })
    await one.order('chat.say', { to: 'all', text: `A word to all, in the minute ${n}.` })
    await mate.order('chat.say', { to: 'booth:az', text: `A word to you, in the minute ${n}.` })
    for (const key of ['Digit3', 'Digit2', 'Equal', 'Minus', 'KeyW', 'KeyQ', 'KeyN', 'Digit1']) await page.keyboard.press(key)
    await page.keyboard.press('KeyO')
    await page.getByRole('button', { name: /^Offer/, pressed: true }).waitFor()
    await mate.order('handover.accept')
    await status('Elnur is on air')
    await mate.order('handover.offer', { on: true })
    await page.locator('button.alert').waitFor()
    await page.keyboard.press('KeyP')
    await status('On air: Azerbaijani')
    await page.evaluate(() => window.again(30))
  }
  const memory = await page.context().newCDPSession(page)
  await memory.send('Performance.enable')
  const used = async () => {
    for (let n = 0; n < 3; n++) await memory.send('HeapProfiler.collectGarbage')
    const { metrics } = await memory.send('Performance.getMetrics')
    const of = (name) => metrics.find((metric) => metric.name === name).value
    return { heap: of('JSHeapUsedSize') / 1e6, nodes: of('Nodes'), listeners: of('JSEventListeners') }
  }
  for (let n = 0; n < 5; n++) await minute(n)
  const before = await used()
  const began = Date.now()
  for (let n = 0; n < MINUTES; n++) await minute(n)
  const after = await used()
  const say = ({ heap, nodes, listeners }) => `${heap.toFixed(1)} MB, ${nodes} nodes, ${listeners} listeners`
  console.log(`      ${MINUTES} minutes in ${((Date.now() - began) / 1000).toFixed(0)} s: ${say(before)} before, ${say(after)} after`)
  assert.ok(after.heap - before.heap < most * MINUTES / 60, `the heap grew by ${(after.heap - before.heap).toFixed(1)} MB`)
  assert.deepEqual(page.problems, [])
}

/** Keeps the last message about lines and speakers, and gives both to the page again as often as one likes. */
function keepMessages() {
  window.last = {}
  const Real = window.WebSocket
  window.WebSocket = class extends Real {
    constructor(...args) {
      super(...args)
      this.addEventListener('message', (event) => {
        const { type } = JSON.parse(event.data)
        if (event.isTrusted && (type === 'lines' || type === 'speakers')) window.last[type] = { socket: this, data: event.data }
      })
    }
  }
  window.again = (times) => {
    for (let n = 0; n < times; n++) {
      for (const { socket, data } of Object.values(window.last)) socket.dispatchEvent(new MessageEvent('message', { data }))
    }
  }
}
