// What every story needs: a node of its own on free ports, the sample consultation, browsers with cameras from files.
// Everything that a story starts is ended with it.
import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import fs from 'node:fs'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { createRequire } from 'node:module'
import { chromium } from 'playwright-core'
import { beats, camera, mediaDir, opusTone, voice } from './media.mjs'

export { assert }
const here = path.dirname(fileURLToPath(import.meta.url))
export const BIN = path.resolve(here, '../../bin/astara')
export const OUTPUT = path.join(here, 'output')
export const axeSource = fs.readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium'
const ARGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync', '--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream',
  '--autoplay-policy=no-user-gesture-required', '--disable-background-timer-throttling',
  '--disable-backgrounding-occluded-windows', '--disable-renderer-backgrounding']

/** A story's world: what it opens is closed by close(), in reverse order. */
export class World {
  #closers = []
  #pages = []

  constructor(name) {
    this.name = name
    this.dir = fs.mkdtempSync(path.join(os.tmpdir(), 'astara-story-'))
    this.#closers.push(() => fs.rmSync(this.dir, { recursive: true, force: true }))
    fs.mkdirSync(OUTPUT, { recursive: true })
  }

  onClose(f) {
    this.#closers.push(f)
  }

  async close() {
    for (const f of this.#closers.reverse()) await f()
    this.#closers = []
  }

  admin(...args) {
    return execFileSync(BIN, ['admin', ...args, '--data', this.dir], { encoding: 'utf8' })
  }

  /** Starts a node; links(consultation) come from sample(). */
  async node() {
    const port = await freePort()
    const n = new Node(this.dir, port)
    this.onClose(() => n.stop())
    await n.start()
    return n
  }

  /** The sample consultation: a map from "party/role" to link, the first of each role. */
  sample(node, { openDoor = false, ceremony = false, held = false } = {}) {
    const out = execFileSync(BIN, ['sample', `--held=${held}`, '--data', this.dir, '--json', '--base-url', node.url, '--sign-in', ...(openDoor ? ['--open-door'] : []), ...(ceremony ? ['--ceremony'] : [])], { encoding: 'utf8' })
    const rows = JSON.parse(out)
    const parties = [...new Set(rows.map((r) => r.party))]
    const row = (party, role, nth = 0) => rows.filter((r) => r.party === party && r.role === role)[nth]
    return { rows, parties, consultation: rows[0].consultation, link: (...of) => row(...of)?.link, name: (...of) => row(...of)?.name }
  }

  /** A browser process with its own camera and microphone. */
  async browser({ hz = 0, edges = [], beating = false, hue = 0, text = '', language = 'en', width = 640, height = 360, fps = 30, args = [] } = {}) {
    const dir = mediaDir(OUTPUT)
    const y4m = camera(path.join(dir, `camera-${width}x${height}-${fps}-${hue}.y4m`), { width, height, fps, hue })
    const wav = beating ? beats(path.join(dir, `beats-${hz}.wav`), { hz }) : voice(path.join(dir, `voice-${[hz, ...edges].join('-')}-${language}-${text.length}.wav`), { hz, edges, text, language })
    const b = await chromium.launch({ executablePath: CHROMIUM, headless: true,
      args: [...ARGS, `--use-file-for-fake-video-capture=${y4m}`, `--use-file-for-fake-audio-capture=${wav}`, ...args] })
    this.onClose(() => b.close())
    return b
  }

  /** A person without a browser, who says a tone and does what is ordered. */
  async bot(link, { hz, seconds = 400 }) {
    const tone = opusTone(path.join(mediaDir(OUTPUT), `tone-${hz}.ogg`), { hz })
    const bot = new Bot(spawn(BIN, ['bot', '--link', link, '--seconds', String(seconds), '--obey', '--sound-only', '--audio', tone], { stdio: ['pipe', 'pipe', 'pipe'] }))
    this.onClose(() => bot.stop())
    await bot.joined
    return bot
  }

  /** A page that keeps its own errors; words are in the given language of the interface. */
  async page(browser, { language = 'en', width = 1280, height = 800, bypassCSP = false } = {}) {
    const c = await browser.newContext({ bypassCSP, permissions: ['camera', 'microphone'], viewport: { width, height }, locale: language })
    await c.addInitScript((l) => localStorage.getItem('language') ?? localStorage.setItem('language', l), language)
    const p = await c.newPage()
    this.#pages.push(p)
    p.problems = []
    p.on('pageerror', (e) => p.problems.push(e.message))
    p.on('console', (m) => m.type() === 'error' && p.problems.push(m.text()))
    return p
  }

  /** What every page showed when the story failed. */
  async lastLook() {
    for (const [i, p] of this.#pages.entries()) {
      if (!p.isClosed()) await this.shot(p, `failed-${i}`).catch(() => {})
    }
  }

  async shot(page, name, options = {}) {
    await page.screenshot({ path: path.join(OUTPUT, `${this.name}-${name}.png`), ...options })
  }
}

class Node {
  constructor(dir, port) {
    this.dir = dir
    this.port = port
    this.udp = 0
    this.url = `http://localhost:${port}`
    this.log = []
  }

  async start() {
    this.udp ||= await freePort()
    this.process = spawn(BIN, ['serve', '--data', this.dir, '--listen', `127.0.0.1:${this.port}`, '--udp-port', String(this.udp), '--admin-listen', '127.0.0.1:0', '--base-url', this.url], { stdio: ['ignore', 'pipe', 'pipe'] })
    this.ended = new Promise((ok) => this.process.once('exit', (code, signal) => ok({ code, signal })))
    for (const s of [this.process.stdout, this.process.stderr]) s.on('data', (d) => this.log.push(String(d)))
    await until('the node listens', () => fetch(this.url + '/healthz').then((r) => r.ok, () => false), 20_000)
  }

  async kill() {
    this.process.kill('SIGKILL')
    await this.ended
  }

  async stop() {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return
    this.process.kill('SIGTERM')
    const timer = setTimeout(() => this.process.kill('SIGKILL'), 15_000)
    await this.ended
    clearTimeout(timer)
  }
}

class Bot {
  #answers = []
  #waiting = []

  constructor(process) {
    this.process = process
    this.ended = new Promise((ok) => process.once('exit', ok))
    let said = ''
    this.joined = new Promise((ok, no) => {
      process.stderr.on('data', (d) => { if ((said += d).includes('msg=joined')) ok() })
      process.once('exit', () => no(new Error(`the bot ended: ${said}`)))
    })
    createInterface({ input: process.stdout }).on('line', (line) => (this.#waiting.shift() ?? ((one) => this.#answers.push(one)))(line))
  }

  /** Gives a command of the meeting and waits until it is done. */
  async order(type, body = {}) {
    this.process.stdin.write(`${type} ${JSON.stringify(body)}\n`)
    const answer = this.#answers.shift() ?? await new Promise((ok) => this.#waiting.push(ok))
    assert.equal(answer, 'done', `${type} ${JSON.stringify(body)}`)
  }

  async stop() {
    this.process.kill()
    await this.ended
  }
}

export function freePort() {
  return new Promise((ok, no) => {
    const s = net.createServer().once('error', no).listen(0, '127.0.0.1', () => {
      const { port } = s.address()
      s.close(() => ok(port))
    })
  })
}

/** Waits for a condition, not for a time; the limit only ends a story that hangs. What: words, or what gives them when it was in vain. */
export async function until(what, f, limit = 15_000) {
  const end = Date.now() + limit
  for (;;) {
    const r = await f()
    if (r) return r
    if (Date.now() > end) throw new Error(`waited ${limit} ms in vain: ${typeof what === 'string' ? what : what()}`)
    await new Promise((ok) => setTimeout(ok, 50))
  }
}

/** No accessibility fault on the page as it stands. Of what is in order axe need not say where it is: that takes twice as long as the looking. */
export async function axe(page, where) {
  if (!await page.evaluate(() => 'axe' in window)) await page.evaluate(axeSource)
  const faults = await page.evaluate(async () => {
    const { violations } = await axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'], resultTypes: ['violations'] })
    return violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).join(', ')}`)
  })
  assert.deepEqual(faults.map((fault) => `${where}: ${fault}`), [])
}

/** Nothing wider than the window, nothing cut. */
export async function fits(page, where) {
  const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
  assert.ok(over <= 0, `${where}: ${over} px wider than the window`)
}

/** The page in another language from here on, as its reader would have it after loading it again; at the check page one enters again. */
export async function inLanguage(page, language, { enters = false } = {}) {
  await page.evaluate((l) => localStorage.setItem('language', l), language)
  await page.reload()
  if (enters) await page.locator('.enter button').click()
}

/** Nothing cut, no accessibility fault, and a picture to look at: of the page as it stands, and of the same on a telephone. */
export async function looked(world, page, name, { telephone = true, ...options } = {}) {
  await fits(page, name)
  await axe(page, name)
  await world.shot(page, name, options)
  if (!telephone) return
  await page.setViewportSize({ width: 390, height: 844 })
  await fits(page, `${name} on a telephone`)
  await world.shot(page, `${name}-telephone`, options)
}

const WIDTHS = { desktop: [1280, 800], tablet: [820, 1180], phone: [390, 844], sideways: [844, 390] }

/** The screen as it stands, in all languages; axe once a language, a picture of each width in Persian and Azerbaijani. */
export async function lookEverywhere(world, page, name, speak = (l) => page.locator(`.languages button[lang=${l}]`).first().click()) {
  for (const language of ['en', 'ru', 'az', 'fa']) {
    await speak(language)
    await until(`${name} in ${language}`, () => page.evaluate((l) => document.documentElement.lang === l && document.documentElement.dir === (l === 'fa' ? 'rtl' : 'ltr'), language))
    await axe(page, `${name} in ${language}`)
    const words = await page.evaluate(() => document.body.innerText)
    assert.ok(!/\b(undefined|null|NaN|\[object)\b/.test(words), `${name} in ${language}: ${words.match(/.*\b(undefined|null|NaN|\[object).*/)?.[0]}`)
    if (language === 'fa') assert.ok(!/\b(button|door|meet|desk|term|role|state|line)\.[a-z]+/.test(words), `${name}: a key instead of words`)
    for (const [width, [w, h]] of Object.entries(WIDTHS)) {
      await page.setViewportSize({ width: w, height: h })
      await fits(page, `${name} in ${language} on a ${width}`)
      if (language === 'fa' || language === 'az' && width !== 'tablet') await world.shot(page, `${name}-${language}-${width}`)
    }
    await page.setViewportSize({ width: 1280, height: 800 })
  }
  await speak('en')
  await until('English again', () => page.evaluate(() => document.documentElement.lang === 'en'))
}

/** A sentence as a screen writes it: names and words put into it stand in isolates of direction. */
export const worded = (text) => new RegExp([...text].map((letter) => letter.replace(/[.*+?^${}()|[\]\\]/, '\\$&')).join('[\u200e\u2066-\u2069]*'))

/** By the link to the check page, and through it. `raw` switches the browser's sound processing off, for tones. */
export async function enter(page, link, { raw = false, words = 'Enter the meeting' } = {}) {
  await page.goto(link)
  const button = page.getByRole('button', { name: words })
  await button.waitFor()
  if (raw) await page.getByRole('checkbox', { name: 'Reduce echo and noise' }).press('Space')
  const began = Date.now()
  await button.click()
  return began
}

export const atTable = (page) => page.getByRole('button', { name: /^Leave/ }).waitFor()

/** What the page's own inspection says. */
export const stats = (page) => page.evaluate(() => window.astara.stats())

/** One figure of a member's source, 0 while there is none. */
export const figure = async (page, member, source, name) => (await stats(page)).members[member]?.[source]?.[name] ?? 0

/** A secretary of the sample at her desk. */
export async function signIn(page, sample, party) {
  await page.goto(sample.link(party, 'secretary-sign-in'))
}

/** What a secretary's screens ask of the node, without them: for what a story needs and is not about. */
export async function atDesk(world, browser, sample, party, commands) {
  const page = await world.page(browser)
  await signIn(page, sample, party)
  await until('the secretary is signed in', () => page.evaluate(() => fetch('/api/desk').then((r) => r.ok)))
  for (const [type, body] of commands) {
    const status = await page.evaluate(([at, what]) => fetch(at, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(what) }).then((r) => r.status),
      [`/api/desk/consultations/${sample.consultation}/commands`, { type, body }])
    assert.equal(status, 200, type)
  }
  await page.close()
}

/** A consultation with a ceremony: both secretaries in the line room (s, z), both principals waiting apart (a, c). */
export async function ceremony(world) {
  const node = await world.node()
  const sample = world.sample(node, { openDoor: true, ceremony: true })
  const [left, right] = sample.parties
  const small = { width: 320, height: 180, fps: 15 } // four pages are what two cores hold
  const one = await world.browser({ hue: 1, ...small })
  const two = await world.browser({ hue: 4, ...small })
  const pages = { a: await world.page(one), c: await world.page(two), s: await world.page(one), z: await world.page(two) }
  for (const [page, party, role] of [[pages.s, left, 'secretary'], [pages.z, right, 'secretary'], [pages.a, left, 'head'], [pages.c, right, 'head']]) {
    await enter(page, sample.link(party, role))
    await atTable(page)
  }
  return { node, sample, pages }
}

/**
 * Both sides report ready and the go is given: when each principal is shown to the other for the first time, on each page's own clock. That is
 * when the curtain begins to lift, which the browser does at a moment that it was given, whatever the page has to do; but not before the frame
 * in which the page handed that moment over, and not before the picture is here. `drawn` is when the page itself was next able to look.
 */
export async function appearing({ sample, a, c, s, z }) {
  const [left, right] = sample.parties
  await s.getByRole('button', { name: /^Report/ }).click()
  await z.locator('.ceremony li.ready').waitFor()
  await z.getByRole('button', { name: /^Report/ }).click()
  await s.getByRole('button', { name: /^Begin/ }).waitFor()
  for (const [page, other] of [[a, `${right}/head`], [c, `${left}/head`]]) {
    await page.evaluate((member) => {
      window.seen = {}
      let last
      const look = () => {
        const curtain = document.querySelector('.curtain')
        const shown = document.querySelector(`video[data-member="${member}"][data-shown="true"]`)
        const now = Date.now()
        if (curtain) window.seen.curtain ??= now
        const lift = curtain?.getAnimations()[0]
        if (lift?.startTime != null) {
          if (lift !== last) window.seen.handed = now
          last = lift
          window.seen.lifts = Math.max(window.seen.handed, Math.round(performance.timeOrigin + lift.startTime + lift.effect.getTiming().delay))
        }
        if (shown) window.seen.picture ??= now
        if (shown && (!curtain || getComputedStyle(curtain).opacity < 1)) window.seen.appeared ??= now
        if (!window.seen.appeared) requestAnimationFrame(look)
      }
      look()
    }, other)
  }
  await s.evaluate(() => { window.pressed = undefined; document.querySelector('.ceremony')?.addEventListener('click', () => { window.pressed ??= Date.now() }, { capture: true }) })
  await s.getByRole('button', { name: /^Begin/ }).click()
  const seen = await Promise.all([a, c].map((page) => until('the other principal', () => page.evaluate(() => window.seen.appeared && window.seen))))
  const pressed = await s.evaluate(() => window.pressed)
  const after = seen.map(({ lifts = Infinity, appeared, picture }) => Math.max(Math.min(lifts, appeared), picture) - pressed)
  const timeline = `drawn after ${seen.map((one) => one.appeared - pressed).join(', ')}, table after ${seen.map((one) => one.curtain - pressed).join(', ')}, picture after ${seen.map((one) => one.picture - pressed).join(', ')}`
  return { after, apart: Math.abs(after[0] - after[1]), timeline }
}
