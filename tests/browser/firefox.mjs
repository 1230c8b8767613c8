// Debian's Firefox, driven over WebDriver BiDi, with a sound server of its own where there is one: Firefox without a sound
// device neither hears nor plays. The camera is Firefox's own test picture.
import { spawn } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import puppeteer from 'puppeteer-core'
import { until } from './lib.mjs'

const FIREFOX = process.env.FIREFOX ?? '/usr/bin/firefox-esr'
const PULSE = '/usr/bin/pulseaudio'

/** Why no Firefox story can run here; undefined when it can. */
export const missing = fs.existsSync(FIREFOX) ? undefined : 'Firefox is missing here; as root: apt-get install firefox-esr pulseaudio'

/** Firefox with a microphone that hums; its sample rate is not the call's, as is often so. */
export async function firefox(world, { hz = 620, rate = 44_100, prefs = {}, insecure = false } = {}) {
  const sound = fs.existsSync(PULSE) ? await soundServer(world, hz, rate) : undefined
  const browser = await puppeteer.launch({
    browser: 'firefox', executablePath: FIREFOX, headless: true, protocolTimeout: 90_000, acceptInsecureCerts: insecure, env: { ...process.env, ...sound },
    extraPrefsFirefox: {
      'media.navigator.streams.fake': true, 'media.navigator.permission.disabled': true,
      ...(sound ? { 'media.audio_loopback_dev': 'Monitor of Hum' } : {}),
      'media.peerconnection.ice.loopback': true, // the node listens on 127.0.0.1
      ...prefs,
    },
  })
  world.onClose(() => browser.close())
  return Object.assign(browser, { sounds: sound !== undefined })
}

async function soundServer(world, hz, rate) {
  const dir = path.join(world.dir, 'sound')
  fs.mkdirSync(dir)
  const socket = path.join(dir, 'socket')
  const server = spawn(PULSE, ['-n', '--daemonize=no', '--use-pid-file=false', '--exit-idle-time=-1',
    '-L', `module-native-protocol-unix auth-anonymous=1 socket=${socket}`, '-L', 'module-null-sink sink_name=loudspeaker',
    '-L', `module-null-sink sink_name=hum rate=${rate} sink_properties=device.description=Hum`, '-L', `module-sine sink=hum frequency=${hz}`],
  { env: { ...process.env, HOME: dir, XDG_RUNTIME_DIR: dir }, stdio: 'ignore' })
  const ended = new Promise((ok) => server.once('exit', ok))
  world.onClose(() => { server.kill('SIGKILL'); return ended })
  await until('the sound server listens', () => fs.existsSync(socket))
  return { PULSE_SERVER: `unix:${socket}`, HOME: dir }
}

/** A page that keeps its own errors. */
export async function page(browser, { language = 'en', width = 1280, height = 800 } = {}) {
  const p = await browser.newPage()
  await p.setViewport({ width, height })
  await p.evaluateOnNewDocument((l) => location.protocol.startsWith('http') && !localStorage.getItem('language') && localStorage.setItem('language', l), language)
  p.problems = []
  p.on('pageerror', (e) => p.problems.push(e.message))
  p.on('console', (m) => m.type() === 'error' && p.problems.push(m.text()))
  return p
}

/** Waits for words on a button, or in another element. */
export const said = (p, words, element = 'button') => p.waitForSelector(`${element} ::-p-text(${words})`)

/** Presses the button with these words, once it is there. */
export const press = async (p, words) => (await said(p, words)).click()
