// One head in Firefox, the other in Chromium, a bot beside them: all see and hear each other, also after the node was killed.
import { spawn } from 'node:child_process'
import { BIN, assert, atTable, axe, enter, figure, fits, stats, until } from '../lib.mjs'
import { firefox, missing, page, press, said } from '../firefox.mjs'

export { missing }

const TONE = { firefox: 620, chromium: 940 }

export default async function (world) {
  const node = await world.node()
  const sample = world.sample(node, { openDoor: true })
  const [left, right] = sample.parties
  const [fox, browser] = await Promise.all([
    firefox(world, { hz: TONE.firefox }), world.browser({ hz: TONE.chromium, hue: 4, language: 'az', width: 320, height: 180, fps: 15 }),
  ])
  const [a, b] = await Promise.all([page(fox), world.page(browser)])

  await a.goto(sample.link(left, 'head'))
  await said(a, 'Enter the meeting')
  await press(a, 'فارسی')
  await said(a, 'ورود به نشست')
  await a.waitForFunction(() => document.querySelector('.mirror video')?.videoWidth > 0)
  await axe(a, 'door in Firefox')
  await fits(a, 'door in Firefox')
  await world.shot(a, 'door-fa')
  await press(a, 'English')
  await (await a.waitForSelector('input[type=checkbox]')).click() // no sound processing, which takes tones for noise
  await press(a, 'Enter the meeting')
  await said(a, 'Leave')
  const began = await enter(b, sample.link(right, 'head'), { raw: true })
  await atTable(b)
  const [inFirefox, inChromium] = [`${right}/head`, `${left}/head`]
  const sees = (p, member, more = 0) => until(`${member} is seen`, async () => await figure(p, member, 'camera', 'framesDecoded') > more)
  await Promise.all([sees(a, inFirefox), sees(b, inChromium)])
  console.log(`      both are seen ${Date.now() - began} ms after the second one enters`)
  await until('the picture is shown', () => a.evaluate((m) => document.querySelector(`video.shown[data-member="${m}"]`) !== null, inFirefox))

  const hears = (p, hz) => until(`a tone of ${hz} Hz`, async () => Math.abs((await stats(p)).hears.hz - hz) < 30)
  if (fox.sounds) await Promise.all([hears(a, TONE.chromium), hears(b, TONE.firefox)])
  else await until('sound arrives at Firefox', async () => await figure(a, inFirefox, 'microphone', 'packets') > 50)

  // A third one takes a slot that is already agreed.
  const third = sample.rows.find((r) => r.party === right && r.role === 'delegate')
  const bot = spawn(BIN, ['bot', '--link', third.link, '--seconds', '60'], { stdio: 'ignore' })
  const gone = new Promise((ok) => bot.once('exit', ok))
  world.onClose(() => { bot.kill(); return gone })
  await until('the bot is seen in Firefox', async () => Object.entries((await stats(a)).members).some(([id, m]) => id !== inFirefox && m.camera?.framesDecoded > 0))

  await press(a, 'Camera')
  await b.getByText('Camera off').first().waitFor()
  const stood = await figure(b, inChromium, 'camera', 'framesDecoded')
  await press(a, 'Camera')
  await sees(b, inChromium, stood + 5)

  await press(a, 'Messages')
  await (await a.waitForSelector('textarea')).type('from Firefox')
  await a.keyboard.press('Enter')
  await b.getByRole('button', { name: /^Messages/ }).click()
  await b.getByText('from Firefox').waitFor()
  await b.getByRole('textbox', { name: 'Your message' }).fill('from Chromium')
  await b.keyboard.press('Enter')
  await said(a, 'from Chromium', 'p, span, bdi')
  await a.keyboard.press('Escape')
  for (const [p, member] of [[a, inFirefox], [b, inChromium]]) assert.equal(await figure(p, member, 'camera', 'lost'), 0, `packets of ${member} lost`)

  await press(a, 'Settings')
  await press(a, 'فارسی')
  await a.keyboard.press('Escape')
  await until('the dialog is closed', () => a.evaluate(() => !document.querySelector('dialog[open]')))
  await axe(a, 'table in Firefox')
  await fits(a, 'table in Firefox')
  await world.shot(a, 'table-fa')
  // Firefox tells of a socket that was given up for another one; on a busy machine that is so.
  assert.deepEqual([...a.problems, ...b.problems].filter((p) => !/ws:/.test(p)), [])

  // The node is killed; nobody loads the page again.
  await a.evaluate(() => { window.kept = true })
  await node.kill()
  await until('the end is noticed', async () => (await stats(a)).line !== 'open')
  await node.start()
  const up = Date.now()
  await until('the lines are back', async () => (await stats(a)).line === 'open' && (await stats(b)).line === 'open')
  const again = async (p, member) => {
    let before = Infinity
    await until(`${member} is seen again`, async () => {
      const n = await figure(p, member, 'camera', 'framesDecoded')
      const moves = n > before
      before = n || Infinity
      return moves
    })
  }
  await Promise.all([again(a, inFirefox), again(b, inChromium)])
  console.log(`      both are seen again ${Date.now() - up} ms after the node listens again`)
  if (fox.sounds) await Promise.all([hears(a, TONE.chromium), hears(b, TONE.firefox)])
  assert.ok(await a.evaluate(() => window.kept), 'the page was loaded again')
}
