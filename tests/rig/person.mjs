// A person with a real browser behind the line: enters by a link and says, ten times a second, what the browser measures.
//   node person.mjs '{"link": "https://…", "width": 640, "height": 360, "fps": 30}'
// A line of JSON each on standard output: {"at": ms} when at the table, then samples. Ends with standard input. BROWSER=firefox asks Firefox.
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { createRequire } from 'node:module'
import { camera, mediaDir, voice } from '../browser/media.mjs'

const { link, width = 320, height = 180, fps = 15 } = JSON.parse(process.argv[2])
const say = (line) => process.stdout.write(JSON.stringify(line) + '\n')

let over = false
const closers = []
const end = async () => {
  if (over) return
  over = true
  for (const close of closers.reverse()) await Promise.resolve(close()).catch(() => undefined)
  process.exit(0)
}
process.stdin.on('end', end).on('error', end).resume()

const page = await (process.env.BROWSER === 'firefox' ? inFirefox() : inChromium())
page.on('pageerror', (e) => say({ problem: e.message }))
page.on('console', (m) => m.type() === 'error' && say({ problem: m.text() }))
await page.goto(link)
const button = (words) => page.waitForSelector(process.env.BROWSER === 'firefox' ? `button ::-p-text(${words})` : `button:has-text("${words}")`)
const enter = await button('Enter the meeting')
const began = Date.now()
await enter.click()
await button('Leave')
say({ at: Date.now() - began })

async function inChromium() {
  const { chromium } = createRequire(new URL('../browser/lib.mjs', import.meta.url))('playwright-core')
  const dir = mediaDir(fileURLToPath(new URL('../browser/output', import.meta.url)))
  const y4m = camera(path.join(dir, `camera-${width}x${height}-${fps}-0.y4m`), { width, height, fps })
  const wav = voice(path.join(dir, 'voice-440-en-0.wav'), { hz: 440 })
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', headless: true,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync',
      '--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream', '--autoplay-policy=no-user-gesture-required', '--disable-background-timer-throttling',
      '--disable-backgrounding-occluded-windows', '--disable-renderer-backgrounding', '--ignore-certificate-errors',
      `--use-file-for-fake-video-capture=${y4m}`, `--use-file-for-fake-audio-capture=${wav}`] })
  closers.push(() => browser.close())
  const context = await browser.newContext({ permissions: ['camera', 'microphone'], viewport: { width: 1280, height: 800 }, locale: 'en', ignoreHTTPSErrors: true })
  await context.addInitScript(notes)
  return context.newPage()
}

async function inFirefox() {
  const fox = await import('../browser/firefox.mjs')
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'astara-rig-'))
  closers.push(() => fs.rmSync(dir, { recursive: true, force: true }))
  const page = await fox.page(await fox.firefox({ dir, onClose: (close) => closers.push(close) }, { insecure: true }))
  await page.evaluateOnNewDocument(notes)
  return page
}

/** Notes what the page does and is told. */
function notes() {
  if (location.protocol === 'https:') localStorage.getItem('language') ?? localStorage.setItem('language', 'en') // Firefox runs this in its blank page too
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
}

const sample = () => page.evaluate(async () => {
  const pc = window.rigCalls.findLast((one) => one.connectionState !== 'closed')
  const out = { t: Date.now(), calls: window.rigCalls.length, state: pc?.connectionState ?? '', ice: pc?.iceConnectionState ?? '', line: (await window.astara?.stats())?.line ?? '',
    sound: { packets: 0, lost: 0, samples: 0, concealed: 0, events: 0, delay: 0, emitted: 0 },
    picture: { packets: 0, frames: 0, freezes: 0, frozen: 0, width: 0, height: 0, keys: 0 }, sent: { packets: 0, frames: 0, width: 0 }, rtt: 0, available: 0, way: '', notes: window.rigNotes.splice(0) }
  if (!pc) return out
  // Firefox never answers for one that is closed meanwhile.
  const counted = await Promise.race([pc.getStats(), new Promise((late) => setTimeout(late, 500))])
  const all = [...counted?.values() ?? []]
  let pair
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
      pair = all.find((x) => x.id === s.selectedCandidatePairId)
    } else if (s.type === 'candidate-pair' && s.selected) { // Firefox
      pair = s
    }
  }
  const local = all.find((x) => x.id === pair?.localCandidateId)
  out.rtt = pair?.currentRoundTripTime ?? 0
  out.available = pair?.availableIncomingBitrate ?? 0
  out.way = local ? [local.candidateType, local.relayProtocol ?? local.protocol].join(' ') : ''
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
