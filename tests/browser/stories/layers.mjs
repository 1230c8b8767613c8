// Layers: a small tile gets a small picture, a pinned one the largest, and the camera that nobody watches is not sent.
import { assert, atTable, enter, stats, until } from '../lib.mjs'

export default async function (world) {
  const node = await world.node()
  const sample = world.sample(node, { openDoor: true })
  const [left, right] = sample.parties
  const browser = await world.browser({ width: 1280, height: 720, fps: 15 })
  const sender = await world.page(browser)
  const viewer = await world.page(browser, { width: 700, height: 500 })
  await enter(sender, sample.link(left, 'head'))
  await atTable(sender)
  const sent = async () => (await stats(sender)).sent.filter((one) => one.kind === 'video' && one.rid)
  const flowing = async () => {
    const before = await sent()
    await sender.waitForTimeout(500)
    return (await sent()).filter((one, n) => one.frames > before[n].frames).map((one) => one.rid)
  }
  console.log('alone', await sent(), await flowing())
  await enter(viewer, sample.link(right, 'head'))
  await atTable(viewer)
  const seen = async () => Object.entries((await stats(viewer)).members).find(([id, m]) => id.startsWith(left) && m.camera)?.[1].camera
  for (let i = 0; i < 8; i++) { await viewer.waitForTimeout(1000); console.log(await seen(), await flowing(), (await sent()).map((o) => [o.rid, o.active, o.width, o.height])) }
  console.log(await viewer.evaluate(() => [...document.querySelectorAll('video')].map((v) => [v.dataset.member, v.clientWidth, v.clientHeight])))
  await viewer.setViewportSize({ width: 1600, height: 1000 })
  for (let i = 0; i < 5; i++) { await viewer.waitForTimeout(1000); console.log(await seen(), await flowing(), (await sent()).map((o) => [o.rid, o.active, o.width, o.height])) }
  console.log(await viewer.evaluate(() => [...document.querySelectorAll('video')].map((v) => [v.dataset.member, v.clientWidth, v.clientHeight])))
}
