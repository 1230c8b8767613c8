// The heads of two delegations meet: each decodes the other's picture and hears the other's tone. SECONDS=30 for the long one.
import { assert, atTable, enter, figure, stats, until } from '../lib.mjs'

const TONE = { a: 620, b: 940 }

export default async function (world) {
  const node = await world.node()
  const sample = world.sample(node, { openDoor: true })
  const [left, right] = sample.parties
  const heads = [left, right].map((p) => `${p}/head`)

  const a = await world.page(await world.browser({ hz: TONE.a, hue: 1, language: 'fa' }))
  const b = await world.page(await world.browser({ hz: TONE.b, hue: 4, language: 'az' }))
  await enter(a, sample.link(left, 'head'), { raw: true })
  await atTable(a)
  const began = await enter(b, sample.link(right, 'head'), { raw: true })
  const first = { picture: 0, sound: 0 }
  const other = Object.keys((await until('a sees somebody', async () => {
    const s = await stats(b)
    return Object.keys(s.members).length ? s : undefined
  })).members)[0]
  assert.ok(other.startsWith(left + '/'), `${right} sees ${other}, wanted someone of ${left} (${heads})`)
  await until('first picture and sound', async () => {
    first.picture ||= await figure(b, other, 'camera', 'framesDecoded') > 0 ? Date.now() - began : 0
    first.sound ||= await figure(b, other, 'microphone', 'packets') > 0 ? Date.now() - began : 0
    return first.picture && first.sound
  })
  console.log(`      first sound after ${first.sound} ms, first picture after ${first.picture} ms`)

  for (const [page, hz] of [[a, TONE.b], [b, TONE.a]]) {
    await until(`a tone of ${hz} Hz`, async () => Math.abs((await stats(page)).hears.hz - hz) < 30)
  }

  const seen = async (page) => {
    const s = await stats(page)
    return Object.values(s.members).map((m) => m.camera).find(Boolean)
  }
  const before = [await seen(a), await seen(b)]
  const t0 = Date.now()
  const watched = Number(process.env.SECONDS ?? 10)
  await until('some seconds of pictures', () => Date.now() - t0 > watched * 1000, watched * 1000 + 15_000)
  const after = [await seen(a), await seen(b)]
  const seconds = (Date.now() - t0) / 1000
  for (const i of [0, 1]) {
    const rate = (after[i].framesDecoded - before[i].framesDecoded) / seconds
    console.log(`      ${rate.toFixed(1)} pictures a second at ${after[i].width}x${after[i].height}, ${after[i].freezes - before[i].freezes} freezes, ${after[i].lost} lost`)
    assert.equal(after[i].lost, 0, 'packets lost')
    assert.ok(after[i].framesDecoded > before[i].framesDecoded, 'the picture stands still')
  }
  for (const p of [a, b]) assert.deepEqual(p.problems, [])
}
