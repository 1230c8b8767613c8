// What we add to the way of a voice: from an interpreter's microphone to a listener's ear, and from a speaker's to an interpreter's. Each beat of a
// microphone is heard twice: by us, and by a connection of the same page with itself, which is the browser's own way; the difference is ours.
import { assert, atTable, enter, until, worded } from '../lib.mjs'

const BEATS = 40

export const measures = true

export default async function (world) {
  const node = await world.node()
  const sample = world.sample(node, { openDoor: true })
  const [left, right] = sample.parties
  const small = { width: 320, height: 180, fps: 5 }
  const table = await world.browser({ ...small, hz: 468.75, beating: true })
  const booths = await world.browser({ ...small, hz: 890.625, beating: true })
  const seat = async (browser, link) => {
    const page = await world.page(browser, { width: 1400, height: 900 })
    await page.addInitScript(() => {
      const real = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices)
      navigator.mediaDevices.getUserMedia = async (wishes) => {
        const stream = await real(wishes)
        if (stream.getAudioTracks().length > 0) window.microphone = stream
        return stream
      }
    })
    await enter(page, link, { raw: browser === table })
    return page
  }
  const speaker = await seat(table, sample.link(left, 'head'))
  await atTable(speaker)
  const listener = await seat(table, sample.link(right, 'delegate'))
  await atTable(listener)
  await listener.keyboard.press('KeyM')
  const interpreter = await seat(booths, sample.link(right, 'interpreter'))
  await interpreter.locator('.console').waitFor()
  await interpreter.keyboard.press('KeyM')
  await interpreter.getByText(worded('On air: Azerbaijani')).waitFor()
  await listener.keyboard.press('KeyL')
  await listener.getByRole('slider').fill('0')
  await until('the floor is marked', async () => (await listener.getByText(worded('You hear: Azerbaijani, interpreted')).count()) > 0)

  for (const page of [speaker, interpreter]) await page.evaluate(alone)
  for (const page of [interpreter, listener]) await page.evaluate(hear, 'ours')
  for (const [what, from, to] of [['speaker to interpreter', speaker, interpreter], ['interpreter to listener', interpreter, listener]]) {
    // A beat of one page is the beat of the other that is nearest: they are 800 ms apart.
    const added = await until(`${BEATS} beats`, async () => {
      const [own, ours] = [await from.evaluate(() => window.beats.own), await to.evaluate(() => window.beats.ours)]
      const both = own.flatMap((at) => {
        const near = ours.reduce((best, one) => (Math.abs(one - at) < Math.abs(best - at) ? one : best), Infinity)
        return Math.abs(near - at) < 400 ? [near - at] : []
      })
      return both.length >= BEATS && both
    }, 90_000)
    added.sort((a, b) => a - b)
    const p95 = added[Math.floor(added.length * 0.95)]
    const median = added[added.length >> 1]
    console.log(`      ${what}: we add ${Math.round(median)} ms (median), ${Math.round(p95)} ms (p95 of ${added.length})`)
    // 150 ms is the most by the 95th percentile, where the machine has nothing else to do: where it does not miss its own beats.
    const missed = await from.evaluate(() => window.beats.own.slice(1).map((at, n) => Math.abs(at - window.beats.own[n] - 800)).sort((a, b) => a - b))
    const idle = missed[Math.floor(missed.length * 0.95)] <= 20
    if (!idle) console.log(`      the browser's own beats come up to ${Math.round(missed.at(-1))} ms too soon or late: the machine has other work, so the median alone is held`)
    assert.ok(median <= 200 && (!idle || p95 <= 150), `${what}: median ${median} ms, p95 ${p95} ms`)
  }
}

/** Sends the page's microphone to the page itself, by the browser alone, and notes when it is heard. */
async function alone() {
  const [a, b] = [new RTCPeerConnection(), new RTCPeerConnection()]
  for (const [one, other] of [[a, b], [b, a]]) one.onicecandidate = ({ candidate }) => candidate && other.addIceCandidate(candidate)
  const came = new Promise((ok) => { b.ontrack = ({ track }) => ok(new MediaStream([track])) })
  for (const track of window.microphone.getAudioTracks()) a.addTrack(track, window.microphone)
  await a.setLocalDescription()
  await b.setRemoteDescription(a.localDescription)
  await b.setLocalDescription()
  await a.setRemoteDescription(b.localDescription)
  const stream = await came
  const pull = new Audio()
  pull.muted = true
  pull.srcObject = stream
  await pull.play()
  const context = new AudioContext({ sampleRate: 48_000, latencyHint: 'interactive' })
  const ear = new AnalyserNode(context, { fftSize: 1024 })
  new MediaStreamAudioSourceNode(context, { mediaStream: stream }).connect(ear)
  const samples = new Float32Array(1024)
  window.beats = { own: [], ours: [] }
  let loud = true
  setInterval(() => {
    ear.getFloatTimeDomainData(samples)
    const is = samples.subarray(-960).reduce((sum, x) => sum + x * x, 0) / 960 > 10 ** -4
    if (is && !loud) window.beats.own.push(performance.timeOrigin + performance.now())
    loud = is
  }, 4)
}

/** Notes when a beat comes out of our output. */
function hear() {
  window.beats ??= { own: [], ours: [] }
  let loud = true
  setInterval(() => {
    const is = window.astara.tones([]).rms > -40
    if (is && !loud) window.beats.ours.push(performance.timeOrigin + performance.now())
    loud = is
  }, 4)
}
