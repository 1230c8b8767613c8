// An observer sees and hears, has no controls to send, and the node takes nothing from them.
import { spawn } from 'node:child_process'
import { BIN, assert, atTable, enter, stats, until } from '../lib.mjs'

export const beside = true

export default async function (world) {
  const node = await world.node()
  const sample = world.sample(node, { openDoor: true })
  const [left, right] = sample.parties
  const browser = await world.browser({ width: 320, height: 180, fps: 15 })
  const head = await world.page(browser)
  await enter(head, sample.link(left, 'head'))
  await atTable(head)
  const observer = await world.page(browser)
  await enter(observer, sample.link(right, 'observer'))
  await atTable(observer)
  for (const word of [/^Microphone/, /^Camera/, /^Hand/, /^Screen/]) assert.equal(await observer.getByRole('button', { name: word }).count(), 0)
  await until('the observer sees the head', async () => Object.values((await stats(observer)).members).some((m) => m.camera?.framesDecoded > 10))

  // One who offers to send all the same: the node answers inactive.
  const bot = spawn(BIN, ['bot', '--link', sample.link(left, 'observer'), '--seconds', '8', '--json'], { stdio: ['ignore', 'pipe', 'inherit'] })
  let report = ''
  bot.stdout.on('data', (d) => { report += d })
  await new Promise((ok) => bot.once('exit', ok))
  assert.ok(JSON.parse(report).received.some((r) => r.packets > 0), 'the observing bot received nothing')
  const heard = Object.keys((await stats(head)).members)
  assert.ok(!heard.some((m) => /observer/.test(m)), `the head receives ${heard}`)
}
