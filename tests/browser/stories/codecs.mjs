// Codecs: one camera in VP8, VP9, AV1 and H.264 in turn, without a new offer; every receiver goes on seeing, a small tile
// gets a small picture and a pinned one the largest, and who lacks a codec brings the camera back to one that all have.
import { assert, atTable, enter, stats, until } from '../lib.mjs'
import * as fox from '../firefox.mjs'

const layered = { vp9: true, av1: true }

export default async function (world) {
  const node = await world.node()
  const sample = world.sample(node, { openDoor: true })
  const [left, right] = sample.parties
  // Software encodes here: few frames, and no picture larger than the machine can do twice.
  const browser = await world.browser({ width: 640, height: 360, fps: 10 })
  const sender = await world.page(browser, { width: 400, height: 400 })
  await enter(sender, sample.link(left, 'head'))
  await atTable(sender)
  const viewer = await world.page(browser, { width: 360, height: 900 })
  await enter(viewer, sample.link(right, 'delegate'))
  await atTable(viewer)
  const head = `${left}/head`
  const seen = async (page = viewer) => (await stats(page)).members[head]?.camera ?? {}
  const sent = async () => (await stats(sender)).sent.filter((one) => one.kind === 'video' && one.active && one.packets > 0)
  const pin = viewer.locator(`li[data-member="${head}"] button.pin`)
  await until('a picture', async () => (await seen()).framesDecoded > 2)

  for (const codec of ['vp9', 'av1', 'h264', 'vp8']) {
    const before = await seen()
    const ms = await turn(sender, viewer, codec, seen)
    const after = await seen()
    console.log(`      ${codec}: the first frame came ${ms} ms after the wish, ${after.keyFrames - before.keyFrames} key frames, ${after.freezes - before.freezes} freezes`)
    await until(`${codec} is sent`, async () => (await sent()).every((one) => one.codec === codec) && (await sent()).length > 0)
    // The size of the tile decides, and the largest comes with the pin.
    if (codec !== 'h264') await until(`${codec}: a small picture for a small tile`, async () => (await seen()).height < 300, 20_000)
    await pin.click()
    await until(`${codec}: the largest when pinned`, async () => (await seen()).height === 360, 20_000)
    if (layered[codec]) assert.match((await sent())[0].mode, /^L2T3_KEY$/, 'two layers in one stream')
    const moving = (await seen()).framesDecoded
    await until(`${codec}: frames go on`, async () => (await seen()).framesDecoded > moving + 5)
    await pin.click()
    assert.equal((await seen()).lost, 0, `packets of ${codec} lost`)
  }

  if (fox.missing) console.log(`      Firefox not asked, because ${fox.missing}`)
  else await withFirefox(world, sample, sender, viewer, head, sent)
  assert.deepEqual(sender.problems, [])
  assert.deepEqual(viewer.problems, [])
}

/** Wishes a codec, and waits for the first frame of it. */
async function turn(sender, viewer, codec, seen) {
  const began = Date.now()
  await sender.evaluate((to) => {
    if (to === 'vp8') localStorage.removeItem('codec')
    else localStorage.codec = to
    dispatchEvent(new StorageEvent('storage', { key: 'codec' }))
  }, codec)
  await until(`${codec} is decoded`, async () => (await seen()).codec === codec, 20_000)
  const decoded = (await seen()).framesDecoded
  await until(`a frame of ${codec}`, async () => (await seen()).framesDecoded > decoded)
  return Date.now() - began
}

/** Firefox sees VP9 and AV1 with layers; it has no H.264, so a camera in it comes back to VP8. */
async function withFirefox(world, sample, sender, viewer, head, sent) {
  const browser = await fox.firefox(world)
  const page = await fox.page(browser, { width: 360, height: 900 })
  const [, right] = sample.parties
  await page.goto(sample.link(right, 'head'))
  await fox.press(page, 'Enter the meeting')
  await fox.said(page, 'Leave')
  const seen = async () => (await stats(page)).members[head]?.camera ?? {}
  await until('Firefox sees VP8', async () => (await seen()).framesDecoded > 2, 20_000)
  for (const codec of ['vp9', 'av1', 'vp8']) {
    const ms = await turn(sender, page, codec, seen)
    const moving = (await seen()).framesDecoded
    await until(`frames of ${codec} go on in Firefox`, async () => (await seen()).framesDecoded > moving + 5)
    console.log(`      ${codec} in Firefox: the first frame came ${ms} ms after the wish`)
    const pin = await page.waitForSelector(`li[data-member="${head}"] button.pin`)
    await pin.click()
    await until(`${codec} in Firefox: the largest when pinned`, async () => (await seen()).height === 360, 20_000)
    await pin.click()
    await until(`${codec} in Firefox: a small picture for a small tile`, async () => (await seen()).height === 180, 20_000)
  }
  await sender.evaluate(() => { localStorage.codec = 'h264'; dispatchEvent(new StorageEvent('storage', { key: 'codec' })) })
  const decoded = (await seen()).framesDecoded
  await until('Firefox goes on seeing', async () => (await seen()).framesDecoded > decoded + 10)
  assert.ok((await sent()).every((one) => one.codec === 'vp8'), 'a codec that Firefox lacks is not sent')
}
