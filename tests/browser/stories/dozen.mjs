// Ten bots and two browsers in one consultation: nothing lost, memory flat. SECONDS=180 for the long one.
import { spawn } from 'node:child_process'
import fs from 'node:fs'
import { BIN, assert, atTable, enter, stats, until } from '../lib.mjs'

export default async function (world) {
  const seconds = Number(process.env.SECONDS ?? 20)
  const node = await world.node()
  const sample = world.sample(node, { openDoor: true })
  const memory = () => Number(fs.readFileSync(`/proc/${node.process.pid}/status`, 'utf8').match(/VmRSS:\s+(\d+)/)[1]) / 1024
  const pages = []
  for (const party of sample.parties) {
    const page = await world.page(await world.browser({ width: 320, height: 180, fps: 15 }))
    await enter(page, sample.link(party, 'head'))
    await atTable(page)
    pages.push(page)
  }
  const seats = sample.rows.filter((r) => ['delegate', 'adviser', 'technician', 'secretary'].includes(r.role)).slice(0, 10)
  const bots = seats.map((row) => {
    const bot = spawn(BIN, ['bot', '--link', row.link, '--seconds', String(seconds + 60), '--json'], { stdio: ['ignore', 'pipe', 'ignore'] })
    let out = ''
    bot.stdout.on('data', (d) => { out += d })
    return { bot, ended: new Promise((ok) => bot.once('exit', () => ok(out))) }
  })
  world.onClose(() => Promise.all(bots.map(({ bot, ended }) => { bot.kill(); return ended })))
  const seen = async (page) => Object.values((await stats(page)).members).filter((m) => m.camera?.framesDecoded > 0).length
  const began = Date.now()
  let figures = []
  await until(() => `both browsers see everybody but the one who sits behind; they see ${figures.join(' and ')}`, async () => {
    figures = await Promise.all(pages.map(seen))
    return figures.every((n) => n >= 10)
  }, 40_000)
  console.log(`      all are seen ${((Date.now() - began) / 1000).toFixed(1)} s after the bots set out`)
  const before = memory()
  await new Promise((ok) => setTimeout(ok, seconds * 1000)) // what is counted is a time of this length
  for (const { bot } of bots) bot.kill('SIGTERM')
  const reports = await Promise.all(bots.map((b) => b.ended))
  const after = memory()
  const received = reports.flatMap((r) => JSON.parse(r).received)
  const packets = received.reduce((n, r) => n + r.packets, 0)
  const lost = received.reduce((n, r) => n + r.lost, 0)
  console.log(`      bots: ${packets} packets, ${lost} lost; node ${before.toFixed(1)} MiB, ${seconds} s later ${after.toFixed(1)} MiB`)
  for (const page of pages) {
    const all = Object.values((await stats(page)).members).flatMap((m) => Object.values(m))
    const gone = all.reduce((n, s) => n + s.lost, 0)
    console.log(`      browser: ${all.reduce((n, s) => n + s.packets, 0)} packets, ${gone} lost`)
    assert.ok(all.some((s) => s.packets > 0))
  }
  assert.ok(packets > 0)
  assert.ok(lost <= packets / 1000, `${lost} of ${packets} packets lost`)
  assert.ok(after < before * 2 + 20, 'memory grows')
}
