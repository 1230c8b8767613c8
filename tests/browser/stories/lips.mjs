// Lips and voice: a flash and a beep once a second, of one whose picture comes in time and of one whose picture is late by
// 250 ms, in the same place of the screen one after the other. How far sound is from picture, as it is shown and played.
import { assert, atTable, enter, until } from '../lib.mjs'

// The figures printed are to be at most 45 ms early and 125 ms late, and at times are not. What the suite holds is that most of
// the lag is gone: half of the looks may be beyond this, whatever else the machine does.
const BEYOND = 125
const LAG = 250
const SETTLED = 4 // seconds after a switch
const WATCHED = Number(process.env.SECONDS ?? 12)

export default async function (world) {
  const node = await world.node()
  const sample = world.sample(node, { openDoor: true })
  const [left, right] = sample.parties
  const browser = await world.browser({ width: 320, height: 180, fps: 15 })
  const open = async (script, ...args) => {
    const context = await browser.newContext({ permissions: ['camera', 'microphone'], viewport: { width: 900, height: 700 }, locale: 'en', bypassCSP: true })
    await context.addInitScript(() => localStorage.setItem('language', 'en'))
    await context.addInitScript(script, ...args)
    return context.newPage()
  }
  const [inTime, late] = [await open(flashAndBeep, 0), await open(flashAndBeep, LAG)]
  const names = [`${left}/head`, `${left}/delegate`]
  const viewer = await open(watchFlashAndBeep)
  for (const [page, link] of [[viewer, sample.link(right, 'head')], [inTime, sample.link(left, 'head')], [late, sample.link(left, 'delegate')]]) {
    await enter(page, link, { raw: true })
    await atTable(page)
  }
  const control = (page, what) => page.getByRole('navigation').getByRole('button', { name: new RegExp(`^${what}`) })
  const show = async (page, on) => {
    for (const what of ['Camera', 'Microphone']) {
      const button = control(page, what)
      if (/On$/.test(await button.innerText()) !== on) await button.click()
      await until(`${what} ${on ? 'on' : 'off'}`, async () => /On$/.test(await button.innerText()) === on)
    }
  }
  await show(late, false)

  const faults = []
  for (const [turn, who] of [0, 1, 0, 1].entries()) {
    const [speaks, silent] = who === 0 ? [inTime, late] : [late, inTime]
    if (turn > 0) {
      await show(silent, false)
      await show(speaks, true)
    }
    await until(`${names[who]} is seen`, () => viewer.evaluate((m) => document.querySelector(`video.shown[data-member="${m}"]`) !== null, names[who]))
    const seen = await viewer.evaluate(([m, ms]) => window.offsets(m, ms), [names[who], WATCHED * 1000])
    console.log(`      ${who === 0 ? 'in time' : `picture ${LAG} ms late`}, second after the switch:ms by which the sound is late: ${seen.map((x) => `${x.at.toFixed(1)}:${Math.round(x.late)}`).join(' ')}`)
    const settled = seen.filter((x) => x.at >= SETTLED)
    assert.ok(settled.length >= 4, `only ${seen.length} flashes with a beep`)
    const middle = settled.map((x) => Math.abs(x.late)).sort((x, y) => x - y)[Math.floor(settled.length / 2)]
    if (middle > BEYOND) faults.push(`${names[who]}, turn ${turn}: half of the time ${Math.round(middle)} ms or more apart`)
  }
  assert.deepEqual(faults, [])
}

/** A camera that flashes and a microphone that beeps at the same moments; what the camera sends leaves the page later by lag. */
function flashAndBeep(lag) {
  const context = new AudioContext({ sampleRate: 48000 })
  const canvas = document.createElement('canvas')
  Object.assign(canvas, { width: 320, height: 180 })
  const paint = canvas.getContext('2d')
  const gain = new GainNode(context, { gain: 0 })
  const microphone = new MediaStreamAudioDestinationNode(context)
  const tone = new OscillatorNode(context, { frequency: 1000 })
  tone.connect(gain).connect(microphone)
  tone.start()
  let last = -1
  let turn = 0
  setInterval(() => {
    const now = performance.timeOrigin + performance.now()
    const second = Math.floor(now / 1000)
    const on = now % 1000 < 160
    paint.fillStyle = on ? '#fff' : '#000'
    paint.fillRect(0, 0, 320, 180)
    paint.fillStyle = '#777' // something moves, so that each picture differs
    paint.fillRect(turn++ * 4 % 320, 170, 8, 8)
    if (on && second !== last) {
      last = second
      gain.gain.setValueAtTime(0.6, context.currentTime)
      gain.gain.setValueAtTime(0, context.currentTime + 0.12)
    }
  }, 33)
  navigator.mediaDevices.getUserMedia = async ({ audio, video }) => {
    await context.resume()
    const tracks = []
    if (video) tracks.push(canvas.captureStream(30).getVideoTracks()[0])
    if (audio) tracks.push(microphone.stream.getAudioTracks()[0].clone())
    return new MediaStream(tracks)
  }
  if (lag === 0) return
  const code = `onrtctransform = ({ transformer: { readable, writable } }) => readable.pipeThrough(new TransformStream({
    async transform(frame, out) { setTimeout(() => { try { out.enqueue(frame) } catch {} }, ${lag}) } })).pipeTo(writable).catch(() => undefined)`
  const worker = new Worker(URL.createObjectURL(new Blob([code])))
  const add = RTCPeerConnection.prototype.addTransceiver
  RTCPeerConnection.prototype.addTransceiver = function (kind, init) {
    const transceiver = add.call(this, kind, init)
    if (kind === 'video' && init?.direction === 'sendonly') transceiver.sender.transform = new RTCRtpScriptTransform(worker, {})
    return transceiver
  }
}

/** window.offsets(member, ms): for each flash that is shown, when, and by how many ms its beep is played after it. */
function watchFlashAndBeep() {
  const beeps = []
  const contexts = new WeakSet()
  const code = `registerProcessor('onset', class extends AudioWorkletProcessor {
    quiet = 0
    process([input]) {
      for (const [i, x] of (input[0] ?? new Float32Array(128)).entries()) {
        if (Math.abs(x) < 0.03) { this.quiet++; continue }
        if (this.quiet > sampleRate / 5) this.port.postMessage((currentFrame + i) / sampleRate)
        this.quiet = 0
      }
      return true
    }
  })`
  const connect = AudioNode.prototype.connect
  AudioNode.prototype.connect = function (to, ...more) {
    if (to instanceof AudioDestinationNode && !contexts.has(this.context)) {
      contexts.add(this.context)
      const { context } = this
      context.audioWorklet.addModule(URL.createObjectURL(new Blob([code], { type: 'text/javascript' }))).then(() => {
        const onset = new AudioWorkletNode(context, 'onset')
        connect.call(this, onset)
        connect.call(onset, context.destination)
        onset.port.onmessage = ({ data }) => {
          const { contextTime, performanceTime } = context.getOutputTimestamp()
          beeps.push(performanceTime + (data - contextTime) * 1000)
        }
      })
    }
    return connect.call(this, to, ...more)
  }
  window.offsets = async (member, ms) => {
    const video = document.querySelector(`video[data-member="${member}"]`)
    const eye = new OffscreenCanvas(8, 8).getContext('2d', { willReadFrequently: true })
    const flashes = []
    const began = performance.now()
    beeps.length = 0
    let bright = true
    const look = (_, frame) => {
      if (performance.now() - began > ms) return
      eye.drawImage(video, 0, 0, 8, 8)
      const on = eye.getImageData(4, 3, 1, 1).data[1] > 128
      if (on && !bright) flashes.push(frame.expectedDisplayTime)
      bright = on
      video.requestVideoFrameCallback(look)
    }
    video.requestVideoFrameCallback(look)
    await new Promise((done) => setTimeout(done, ms + 600))
    return flashes.flatMap((at) => {
      const late = beeps.map((beep) => beep - at).reduce((a, b) => Math.abs(b) < Math.abs(a) ? b : a, Infinity)
      return Math.abs(late) < 500 ? [{ at: (at - began) / 1000, late }] : []
    })
  }
}
