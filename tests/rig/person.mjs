// A person with a real browser behind the line: enters by a link and says, ten times a second, what the browser measures.
//   node person.mjs '{"link": "https://…", "width": 640, "height": 360, "fps": 30}'
// A line of JSON each on standard output: {"at": ms} when at the table, then samples. Ends with standard input.
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { createRequire } from 'node:module'
import { camera, mediaDir, voice } from '../browser/media.mjs'

const { chromium } = createRequire(new URL('../browser/lib.mjs', import.meta.url))('playwright-core')
const { link, width = 320, height = 180, fps = 15 } = JSON.parse(process.argv[2])
const say = (line) => process.stdout.write(JSON.stringify(line) + '\n')

const dir = mediaDir(fileURLToPath(new URL('../browser/output', import.meta.url)))
const y4m = camera(path.join(dir, `camera-${width}x${height}-${fps}-0.y4m`), { width, height, fps })
const wav = voice(path.join(dir, 'voice-440-en-0.wav'), { hz: 440 })
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', headless: true,
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync',
    '--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream', '--autoplay-policy=no-user-gesture-required', '--disable-background-timer-throttling',
    '--disable-backgrounding-occluded-windows', '--disable-renderer-backgrounding', '--ignore-certificate-errors',
    `--use-file-for-fake-video-capture=${y4m}`, `--use-file-for-fake-audio-capture=${wav}`] })
let over = false
const end = async () => {
  if (over) return
  over = true
  await browser.close().catch(() => undefined)
  process.exit(0)
}
process.stdin.on('end', end).on('error', end).resume()

const context = await browser.newContext({ permissions: ['camera', 'microphone'], viewport: { width: 1280, height: 800 }, locale: 'en', ignoreHTTPSErrors: true })
await context.addInitScript(() => {
  localStorage.getItem('language') ?? localStorage.setItem('language', 'en')
  const notes = window.rigNotes = []
  const note = (what) => notes.push({ t: Date.now(), what })
  const calls = window.rigCalls = []
  const Line = window.WebSocket
  window.WebSocket = class extends Line {
    constructor(...args) {
      super(...args)
      note('socket made')
      this.addEventListener('open', () => note('socket open'))
      this.addEventListener('close', () => note('socket closed'))
    }
  }
  const Real = window.RTCPeerConnection
  window.RTCPeerConnection = class extends Real {
    constructor(...args) {
      super(...args)
      calls.push(this)
      note('connection made')
      this.addEventListener('iceconnectionstatechange', () => note('ice ' + this.iceConnectionState))
      this.addEventListener('connectionstatechange', () => note('connection ' + this.connectionState))
      this.addEventListener('icecandidate', ({ candidate }) => candidate && note('candidate ' + candidate.candidate.split(' ').slice(2, 8).join(' ')))
    }
    async setLocalDescription(...args) {
      await super.setLocalDescription(...args)
      note('offer')
    }
    async setRemoteDescription(...args) {
      await super.setRemoteDescription(...args)
      note('answer')
    }
  }
})
const page = await context.newPage()
page.on('pageerror', (e) => say({ problem: e.message }))
page.on('console', (m) => m.type() === 'error' && say({ problem: m.text() }))
await page.goto(link)
const button = page.getByRole('button', { name: 'Enter the meeting' })
await button.waitFor()
const began = Date.now()
await button.click()
await page.getByRole('button', { name: /^Leave/ }).waitFor()
say({ at: Date.now() - began })

const sample = () => page.evaluate(async () => {
  const pc = window.rigCalls.findLast((one) => one.connectionState !== 'closed')
  const out = { t: Date.now(), calls: window.rigCalls.length, state: pc?.connectionState ?? '', ice: pc?.iceConnectionState ?? '', line: (await window.astara?.stats())?.line ?? '',
    sound: { packets: 0, lost: 0, samples: 0, concealed: 0, events: 0, delay: 0, emitted: 0 },
    picture: { packets: 0, frames: 0, freezes: 0, frozen: 0, width: 0, height: 0, keys: 0 }, sent: { packets: 0, frames: 0, width: 0 }, rtt: 0, available: 0, way: '', notes: window.rigNotes.splice(0) }
  if (!pc) return out
  const all = [...(await pc.getStats()).values()]
  for (const s of all) {
    if (s.type === 'inbound-rtp' && s.kind === 'audio') {
      out.sound.packets += s.packetsReceived
      out.sound.lost += s.packetsLost
      if (!s.packetsReceived) continue
      out.sound.samples += s.totalSamplesReceived ?? 0
      out.sound.concealed += s.concealedSamples ?? 0
      out.sound.events += s.concealmentEvents ?? 0
      out.sound.delay += s.jitterBufferDelay ?? 0
      out.sound.emitted += s.jitterBufferEmittedCount ?? 0
    } else if (s.type === 'inbound-rtp' && s.kind === 'video') {
      out.picture.packets += s.packetsReceived
      out.picture.frames += s.framesDecoded
      out.picture.keys += s.keyFramesDecoded ?? 0
      out.picture.freezes += s.freezeCount ?? 0
      out.picture.frozen += s.totalFreezesDuration ?? 0
      out.picture.width = Math.max(out.picture.width, s.frameWidth ?? 0)
      out.picture.height = Math.max(out.picture.height, s.frameHeight ?? 0)
    } else if (s.type === 'outbound-rtp') {
      out.sent.packets += s.packetsSent
      out.sent.frames += s.framesEncoded ?? 0
      out.sent.width = Math.max(out.sent.width, s.frameWidth ?? 0)
    } else if (s.type === 'transport') {
      const pair = all.find((x) => x.id === s.selectedCandidatePairId)
      const local = all.find((x) => x.id === pair?.localCandidateId)
      out.rtt = pair?.currentRoundTripTime ?? 0
      out.available = pair?.availableIncomingBitrate ?? 0
      out.way = local ? [local.candidateType, local.relayProtocol ?? local.protocol].join(' ') : ''
    }
  }
  return out
})
let next = Date.now()
while (!over) {
  try {
    say(await sample())
  } catch (e) {
    if (!over) say({ problem: String(e) })
    break
  }
  next = Math.max(next + 100, Date.now())
  await new Promise((ok) => setTimeout(ok, next - Date.now()))
}
