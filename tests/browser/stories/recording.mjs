// A recording from the first chair's word to the player: everybody sees the sign, an interpreter consents, one side goes off the
// record, and both release. Real cameras and voices, which a browser plays in the end.
import { execFileSync } from 'node:child_process'
import path from 'node:path'
import { assert, atTable, axe, BIN, enter, fits, inLanguage, looked, signIn, stats, until, worded } from '../lib.mjs'

export default async function (world) {
  const node = await world.node()
  const sample = world.sample(node, { openDoor: true })
  const [left, right] = sample.parties
  const small = { width: 320, height: 180, fps: 15 }
  const browser = await world.browser({ ...small, hz: 468.75 })
  const [a, c, i] = await Promise.all([world.page(browser), world.page(browser), world.page(browser, { width: 1400, height: 900 })])
  for (const [page, party] of [[a, left], [c, right]]) {
    await enter(page, sample.link(party, 'head'), { raw: true })
    await atTable(page)
  }
  await enter(i, sample.link(right, 'interpreter'), { raw: true })
  await i.getByRole('heading', { name: worded('Booth: Azerbaijani') }).waitFor()
  const sign = (page) => page.locator('[data-recording]')

  // One chair asks; the other is asked; nobody else sees a word of it.
  await a.getByRole('button', { name: 'Record …' }).click()
  await axe(a, 'the dialog')
  await world.shot(a, 'dialog')
  await a.getByRole('dialog').getByRole('button', { name: 'We agree to record' }).click()
  await c.getByRole('button', { name: 'We do not agree' }).waitFor()
  await a.getByText('the other side has been asked').waitFor()
  assert.equal(await sign(i).count(), 0, 'told of a word that is only one side’s')
  await c.getByRole('button', { name: 'We agree to record' }).click()
  for (const page of [a, c, i]) await page.getByText('The recording begins in a moment').waitFor()
  for (const page of [a, c, i]) await page.getByText('This meeting is being recorded').waitFor()
  await i.getByRole('button', { name: 'I agree to be recorded' }).click()
  await i.getByText('You have agreed to be recorded').waitFor()
  await i.keyboard.press('KeyM')
  await i.getByText(worded('On air: Azerbaijani')).waitFor()
  await axe(a, 'the table')
  await axe(i, 'the console')
  await world.shot(i, 'console')
  await a.getByText('Recorded', { exact: true }).first().waitFor()
  assert.equal(await a.getByText('This meeting is not recorded.').count(), 0)

  // Who comes now is told before.
  const late = await world.page(browser, { width: 900, height: 700 })
  await late.addInitScript(aPageOfText)
  await late.goto(sample.link(left, 'delegate'))
  await late.getByText('Whoever enters is recorded too').waitFor()
  await late.getByRole('button', { name: 'Enter the meeting' }).click()
  await atTable(late)
  for (const [language, page] of [['fa', a], ['az', c]]) {
    await inLanguage(page, language, { enters: true })
    await sign(page).waitFor()
    await looked(world, page, `table-${language}`, { telephone: false })
    await inLanguage(page, 'en')
    await enterAgain(page)
  }

  // Anybody at the table sees by whose word it is recorded.
  await i.getByText('Who agreed to the recording').click()
  await i.getByText(/agreed, .* at |agreed, /).first().waitFor()
  assert.equal(await i.getByText(/: .* agreed, /).count(), 2, 'the chairs of both sides')
  await i.getByText(/Interpreters who agreed: /).waitFor()
  await world.shot(i, 'who-agreed')

  // A screen is AV1 while nobody records, and VP8, which the recorder writes, while somebody does.
  await late.getByRole('button', { name: /^Screen/ }).click()
  const screen = async () => Object.values((await stats(c)).members).find((m) => m.screen?.framesDecoded > 0)?.screen
  const inCodec = async (codec, began = Date.now()) => {
    const before = await screen()
    await until(`the screen is in ${codec}`, async () => (await screen())?.codec === codec, 20_000)
    const turned = await screen()
    const ms = Date.now() - began
    await until(`frames of ${codec} go on`, async () => (await screen()).framesDecoded > turned.framesDecoded + 5)
    const after = await screen()
    if (before) console.log(`      the screen is in ${codec} after ${ms} ms; ${after.freezes - before.freezes} freezes, ${Math.round(1_000 * (after.freezeSeconds - before.freezeSeconds))} ms; lost ${after.lost}`)
  }
  await inCodec('vp8')

  // Off the record by one action of one chair; only that chair brings the meeting back.
  await c.getByRole('button', { name: 'Off the record' }).click()
  await a.getByText('Off the record: nothing is being recorded').waitFor()
  assert.equal(await a.getByText('This meeting is being recorded').count(), 0)
  await world.shot(a, 'off')
  await inCodec('av1')
  await c.getByRole('button', { name: 'Back on the record' }).click()
  await c.locator('[data-recording=on]').waitFor()
  const back = Date.now()
  for (const page of [a, i]) await page.locator('[data-recording=on]').waitFor()
  await inCodec('vp8', back)
  await new Promise((ok) => setTimeout(ok, 3_000)) // something to play
  await a.getByRole('button', { name: 'Stop recording' }).click()
  await a.getByRole('button', { name: 'Stop for good' }).click()
  for (const page of [c, i]) await page.getByText('The recording has been stopped.').waitFor()
  for (const page of [a, c, i, late]) {
    assert.deepEqual(page.problems, [])
    await page.close() // four tables would be drawn behind the desks
  }

  // Nobody sees anything until both sides have released it.
  const [left1, right1] = await Promise.all([world.page(browser), world.page(browser)])
  for (const [page, party] of [[left1, left], [right1, right]]) {
    await signIn(page, sample, party)
    await until('signed in', () => page.evaluate(() => fetch('/api/desk').then((r) => r.ok)))
    await page.goto(`${node.url}/desk/${sample.consultation}/recordings`)
    await page.getByRole('heading', { name: 'Recordings' }).waitFor()
  }
  const file = await left1.evaluate(async (id) => {
    const { consultation } = await fetch(`/api/desk/consultations/${id}`).then((r) => r.json())
    const part = consultation.recording.parts[0]
    window.recorded = part.files
    return `/api/desk/consultations/${id}/recordings/${part.part}/${part.files[0].name}`
  }, sample.consultation)
  console.log(`      recorded: ${await left1.evaluate(() => window.recorded.map(({ source, millis }) => `${source} ${(millis / 1_000).toFixed(1)} s`).join(', '))}`)
  const status = (page, range) => page.evaluate(([at, how]) => fetch(at, how ? { headers: { Range: how } } : {}).then((r) => r.status), [file, range])
  const release = async (page) => {
    await page.getByRole('button', { name: 'Release for both sides' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Release for both sides' }).click()
  }
  await release(left1)
  await left1.getByText('Your side has released the recordings.').waitFor()
  assert.equal(await status(left1), 422, 'heard with the word of one side')
  await release(right1)
  await right1.getByText('Released by both sides.').waitFor()
  assert.equal(await status(right1, 'bytes=0-99'), 206)

  // It plays: pictures have their size, and pictures and sounds go on together.
  await right1.getByRole('group', { name: 'Recordings' }).getByRole('button').first().click()
  await right1.locator('.player').getByRole('button', { name: 'Play' }).click()
  await until('the recording plays', () => right1.evaluate(() => Number(document.querySelector('.player')?.dataset.at) > 1.5))
  const plays = () => right1.evaluate(() => {
    const all = [...document.querySelectorAll('.player video, .player audio')].filter((one) => !one.paused)
    return { wide: all.filter((one) => one.videoWidth > 0).length, screens: all.filter((one) => one.dataset.source === 'screen').length, sounds: all.filter((one) => one.tagName === 'AUDIO').length, times: all.map((one) => one.currentTime) }
  })
  // Who came late is not heard before; towards the end everybody is there, and the screen.
  const early = await plays()
  assert.ok(early.wide >= 2 && early.sounds >= 2 && early.screens === 0, JSON.stringify(early))
  await right1.evaluate(() => {
    const place = document.querySelector('.player input[type=range]')
    place.value = Number(place.max) - 4
    place.dispatchEvent(new Event('input', { bubbles: true }))
  })
  const apart = await until('the screen plays', async () => {
    const now = await plays()
    return now.screens === 1 && now.wide >= 4 && now
  })
  console.log(`      ${apart.wide} pictures and ${apart.sounds} sounds play, ${Math.round((Math.max(...apart.times) - Math.min(...apart.times)) * 1_000)} ms apart`)
  await right1.getByRole('combobox', { name: 'Language' }).selectOption({ index: 1 })
  await right1.getByText('The interpretation is not authentic').waitFor()
  await axe(right1, 'the player')
  await right1.locator('.recordings').scrollIntoViewIfNeeded()
  await world.shot(right1, 'player')
  await fits(right1, 'the player')
  await right1.getByRole('heading', { name: 'Who agreed to the recording' }).waitFor()

  // The record itself: signed by all, held by whom. A copy is one press, and both sides see it.
  await right1.goto(`${node.url}/desk/${sample.consultation}/record`)
  await right1.getByText(/has not taken a copy yet/).first().waitFor()
  await axe(right1, 'the record')
  const [download] = await Promise.all([right1.waitForEvent('download'), right1.getByRole('link', { name: 'Take a copy' }).click()])
  const copy = path.join(world.dir, 'record.zip')
  await download.saveAs(copy)
  assert.match(execFileSync(BIN, ['verify', copy], { encoding: 'utf8' }), /is whole.*\n[^]*took a copy of the first/)
  await right1.getByText(/took a copy of the first/).waitFor()
  for (const [language, page] of [['fa', left1], ['az', right1]]) {
    await page.evaluate((l) => localStorage.setItem('language', l), language)
    for (const where of ['record', 'recordings']) {
      await page.goto(`${node.url}/desk/${sample.consultation}/${where}`)
      await page.locator(where === 'record' ? '.custody' : '.recordings').waitFor()
      await looked(world, page, `${where}-${language}`, { telephone: false })
    }
  }
}

async function enterAgain(page) {
  await page.getByRole('button', { name: 'Enter the meeting' }).click()
  await atTable(page)
}

/** Shares a page of text that is scrolled, five times a second. */
function aPageOfText() {
  navigator.mediaDevices.getDisplayMedia = async () => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 640, height: 360 })
    const paint = canvas.getContext('2d')
    let turn = 0
    setInterval(() => {
      turn++
      paint.fillStyle = '#fff'
      paint.fillRect(0, 0, 640, 360)
      paint.fillStyle = '#000'
      paint.font = '16px sans-serif'
      for (let line = 0; line < 20; line++) paint.fillText(`${turn + line}. The parties agree that water is shared by the year.`, 20, 20 * line)
    }, 200)
    return canvas.captureStream(5)
  }
}
