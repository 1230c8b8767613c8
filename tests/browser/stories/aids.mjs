// What helps those who listen and those who interpret: captions typed by a person, a sign-language interpreter's picture in a place of its own, a
// call for help and its answer, the check of each microphone, pass or fail, which the record keeps, and a booth whose microphone is gone.
import { spawn } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { assert, atDesk, atTable, axe, BIN, enter, figure, looked, until, worded } from '../lib.mjs'

const hands = path.join(path.dirname(fileURLToPath(import.meta.url)), '../../testdata/slow.ivf')

export default async function (world) {
  const node = await world.node()
  const sample = world.sample(node, { openDoor: true })
  const [left, right] = sample.parties
  const small = { width: 320, height: 180, fps: 10 }
  const clear = await world.browser({ ...small, hue: 2, text: 'This is a voice with all that belongs to a voice, said slowly and clearly, so that it can be checked.' })
  const dull = await world.browser({ ...small, hue: 4, hz: 440 })
  await atDesk(world, clear, sample, right, [
    ['member.change', { person: { id: 'observer', name: 'Aygün Quliyeva', role: 'captioner', language: 'az' } }],
    ['member.change', { person: { id: 'adviser', name: 'Lalə Rüstəmli', role: 'sign-interpreter', language: 'az' } }]])
  const seat = async (browser, party, role, language, words, { raw = false, late = 0, ...size } = {}) => {
    const page = await world.page(browser, { language, ...size })
    await page.addInitScript(keepMicrophones)
    if (late > 0) await page.addInitScript(delayPicture, late)
    await page.goto(sample.link(party, role))
    await page.getByRole('button', { name: words }).waitFor()
    if (raw) await page.getByRole('checkbox').last().press('Space') // what a browser does to a made voice drives it to its end
    await page.getByRole('button', { name: words }).click()
    return page
  }
  const [reader, secretary, interpreter] = [
    await seat(clear, right, 'delegate', 'az', 'Görüşə daxil olun', { raw: true, late: 600, bypassCSP: true }),
    await seat(dull, left, 'secretary', 'fa', 'ورود به نشست'),
    await seat(dull, left, 'interpreter', 'en', 'Enter the meeting', { width: 1400, height: 1000 })]
  const writer = await world.page(clear)
  await enter(writer, sample.link(right, 'observer'))
  await atTable(writer)
  await interpreter.locator('.console').waitFor()

  // The sign-language interpreter's picture has a place of its own, and keeps it when a notice comes.
  const bot = spawn(BIN, ['bot', '--link', sample.link(right, 'adviser'), '--seconds', '200', '--video', hands], { stdio: 'ignore' })
  world.onClose(() => new Promise((ok) => { bot.once('exit', ok); bot.kill() }))
  const sign = secretary.getByRole('region', { name: 'مترجم زبان اشاره' })
  await until('hands are seen', async () => await figure(secretary, `${right}/adviser`, 'camera', 'framesDecoded') > 5)
  const place = await sign.boundingBox()

  // A call for help reaches the own technicians and secretaries, and the interpreter reads who comes.
  const called = secretary.getByText(worded(`${sample.name(left, 'interpreter')} از اتاقک ترجمه کمک می‌خواهد.`))
  await interpreter.keyboard.press('KeyH')
  await called.waitFor()
  assert.deepEqual(await sign.boundingBox(), place, 'the hands moved when a notice came')
  assert.equal(await reader.locator('.notices').getByText(sample.name(left, 'interpreter')).count(), 0, 'the other side knows of the call')
  await axe(secretary, 'a call for help')
  await world.shot(secretary, 'help-fa')
  await secretary.getByRole('button', { name: 'می‌آیم' }).click()
  await interpreter.getByRole('button', { name: /^Call for help/ }).getByText(sample.name(left, 'secretary')).waitFor()
  await called.waitFor({ state: 'detached' })

  // Whose picture comes later than every listener's sound can wait: those who judge the sound are told so, by whom, and nobody else.
  const lips = (page, words) => page.locator(`[data-member="${right}/delegate"]`).getByText(words)
  await lips(secretary, 'صدا و تصویر ناهم‌زمان').waitFor()
  assert.equal(await lips(writer, 'sound and picture apart').count(), 0, 'who does not judge it is told')
  await world.shot(secretary, 'lips-fa')
  await interpreter.locator('figcaption').getByText(/ Hz · .* lost/).waitFor() // who works from it reads what was measured
  await reader.keyboard.press('KeyV')
  await lips(secretary, 'صدا و تصویر ناهم‌زمان').waitFor({ state: 'detached' })
  await reader.keyboard.press('KeyV')

  // Captions, for those who read that language.
  const say = async (language, text) => {
    await writer.getByLabel('Language of the captions').selectOption(language)
    await writer.getByLabel('What is being said').fill(text)
    await writer.getByLabel('What is being said').press('Enter')
  }
  const said = { fa: 'ساخت راه‌آهن به‌موقع به پایان می‌رسد.', az: 'Dəmir yolunun tikintisi vaxtında başa çatacaq.' }
  await say('fa', said.fa)
  await secretary.locator('.captions').getByText(said.fa).waitFor()
  await secretary.locator('.captions').getByText('معتبر نیست').waitFor()
  await say('az', said.az)
  await reader.locator('.captions').getByText(said.az).waitFor()
  assert.equal(await reader.locator('.captions').getByText(said.fa).count(), 0, 'captions of another language')
  // Who loads the page again long after is not shown what was said then, but what is said now.
  await until('the lines are old', async () => await reader.locator('.captions').count() === 0, 20_000)
  await writer.reload()
  await writer.getByRole('button', { name: 'Enter the meeting' }).click()
  await atTable(writer)
  assert.equal(await writer.locator('.captions').count(), 0, 'old lines are shown on coming back')
  await say('fa', said.fa)
  await say('az', said.az)
  await reader.locator('.captions').getByText(said.az).waitFor()
  for (const [language, page] of [['fa', secretary], ['az', reader]]) {
    await looked(world, page, language)
  }
  await axe(writer, 'the captioner')

  // A microphone on air is muted by the system, and later pulled out: the gate goes on sending silence, but everybody is told.
  const status = (words) => interpreter.getByRole('status').filter({ hasText: words }).first().waitFor()
  for (const [what, lose] of [['muted', muteMicrophone], ['gone', pullMicrophone]]) {
    await interpreter.keyboard.press('KeyM')
    await status('On air')
    const began = Date.now()
    await interpreter.evaluate(lose)
    await status('Nobody')
    console.log(`      a microphone that is ${what}: nobody is on air after ${Date.now() - began} ms`)
    await interpreter.evaluate(unmuteMicrophone)
  }

  // The checks: a voice passes, a tone is no voice that one can interpret from.
  await until('both checks are in the record', () => {
    const file = path.join(world.dir, 'record.zip')
    fs.rmSync(file, { force: true })
    world.admin('export', '--consultation', sample.consultation, file)
    const kept = fs.readFileSync(file, 'utf8')
    return ['passed', 'narrow'].every((result) => kept.includes(`"result":"${result}"`))
  })
  for (const page of [reader, writer, secretary, interpreter]) assert.deepEqual(page.problems, [])
}

/** Keeps the microphones that the page is given. */
function keepMicrophones() {
  const { mediaDevices } = navigator
  const real = mediaDevices.getUserMedia.bind(mediaDevices)
  window.microphones = []
  mediaDevices.getUserMedia = async (wanted) => {
    if (window.pulled && wanted.audio) throw new DOMException('', 'NotFoundError')
    const stream = await real(wanted)
    window.microphones.push(...stream.getAudioTracks())
    return stream
  }
}

/** What the camera sends leaves the page later by so many ms; its times are as they were. */
function delayPicture(ms) {
  const code = `onrtctransform = ({ transformer: { readable, writable } }) => readable.pipeThrough(new TransformStream({
    async transform(frame, out) { setTimeout(() => { try { out.enqueue(frame) } catch {} }, ${ms}) } })).pipeTo(writable).catch(() => undefined)`
  const worker = new Worker(URL.createObjectURL(new Blob([code])))
  const add = RTCPeerConnection.prototype.addTransceiver
  RTCPeerConnection.prototype.addTransceiver = function (kind, init) {
    const transceiver = add.call(this, kind, init)
    if (kind === 'video' && init?.direction === 'sendonly') transceiver.sender.transform = new RTCRtpScriptTransform(worker, {})
    return transceiver
  }
}

function muteMicrophone() {
  const track = window.microphones.at(-1)
  Object.defineProperty(track, 'muted', { configurable: true, value: true })
  track.dispatchEvent(new Event('mute'))
}

function unmuteMicrophone() {
  const track = window.microphones.at(-1)
  Object.defineProperty(track, 'muted', { configurable: true, value: false })
  track.dispatchEvent(new Event('unmute'))
}

function pullMicrophone() {
  window.pulled = true
  const track = window.microphones.at(-1)
  track.stop()
  track.dispatchEvent(new Event('ended'))
}
