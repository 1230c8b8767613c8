// An interpreter's shift by keyboard alone: on air, handover, take-over, relay, suspension, help, the keys themselves; and the desk
// of the secretary who puts a second person into the booth.
import { assert, atTable, axe, enter, fits, signIn, until, worded } from '../lib.mjs'

export default async function (world) {
  const node = await world.node()
  const sample = world.sample(node, { openDoor: true })
  const [left, right] = sample.parties
  const browser = await world.browser({ width: 320, height: 180, fps: 15, hz: 440 })

  // The secretary makes the technician an interpreter of the same booth.
  const desk = await world.page(browser)
  await signIn(desk, sample, right)
  await desk.getByRole('button', { name: 'Later' }).click()
  await desk.getByRole('link', { name: /Rasht/ }).first().click()
  await desk.getByRole('navigation', { name: 'Pages of this consultation' }).getByRole('link', { name: 'People' }).click()
  const row = desk.getByRole('row', { name: new RegExp(sample.name(right, 'technician')) })
  await row.getByRole('button', { name: 'Change' }).click()
  await desk.getByRole('combobox', { name: 'Role' }).selectOption('interpreter')
  await desk.getByRole('combobox', { name: /^Interpreters.*booth/ }).selectOption('az')
  await axe(desk, 'the person at the desk')
  await desk.getByRole('button', { name: 'Save', exact: true }).click()
  await row.getByText(worded('Booth: Azerbaijani')).waitFor()
  // How a second voice in a channel is met, for the whole consultation: by either side, at once.
  for (const way of [/takes the channel at once/, /is refused until the channel is free/]) {
    await desk.getByRole('radio', { name: way }).check()
    await until('it is so', () => desk.evaluate((at) => fetch(at).then((r) => r.json()).then((d) => d.consultation.interpretation.override), `/api/desk/consultations/${sample.consultation}`).then((on) => on === /at once/.test(String(way))))
  }
  await axe(desk, 'the people of both sides')
  await world.shot(desk, 'people')
  // And writes two terms down for all.
  for (const names of [{ fa: ['پهنای خط'], az: ['koleya', 'yolun eni'], ru: ['колея'] }, { fa: ['گمرک'], az: ['gömrük'], en: ['customs'] }]) {
    const status = await desk.evaluate(([at, body]) => fetch(at, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }).then((r) => r.status),
      [`/api/desk/consultations/${sample.consultation}/terms`, { type: 'term.write', body: { id: '', base: 0, to: 'all', facts: { names } } }])
    assert.equal(status, 200)
  }
  await desk.close()

  const wide = { width: 1366, height: 768 }
  const [a, b, c] = [await world.page(browser, wide), await world.page(browser, wide), await world.page(browser)]
  await enter(c, sample.link(left, 'delegate'), { raw: true })
  await atTable(c)
  for (const [page, role] of [[a, 'interpreter'], [b, 'technician']]) {
    await enter(page, sample.link(right, role))
    await page.getByRole('heading', { name: worded('Booth: Azerbaijani') }).waitFor()
  }
  await a.getByText('Nobody of this booth is on air').waitFor()
  const status = (page, words) => page.getByRole('status').filter({ hasText: worded(words) }).first().waitFor()
  const key = (page, name) => page.getByRole('button', { name })

  // The pictures stand side by side, large enough to work from.
  const boxes = await a.locator('figure > .picture').evaluateAll((all) => all.map((one) => one.getBoundingClientRect()).map(({ width, height, top }) => ({ width, height, top })))
  await allSeen(a, 'en')
  assert.ok(boxes.length === 2 && boxes.every((one) => one.width >= 640 && one.height >= 360) && boxes[0].top === boxes[1].top, `documents and speaker: ${JSON.stringify(boxes)}`)
  await axe(a, 'console')
  await a.getByText('This meeting is not recorded.').waitFor()
  await world.shot(a, 'off')

  const began = Date.now()
  await a.keyboard.press('KeyM')
  await status(a, 'On air: Azerbaijani')
  console.log(`      on air ${Date.now() - began} ms after the key`)
  await status(b, `${sample.name(right, 'interpreter')} is on air`)
  // Both at once: the second is refused, and told so.
  await b.keyboard.press('KeyM')
  await b.getByText('A colleague is on air in this channel; please ask for a handover, or take over.').waitFor()

  // A cough by a click without a finger, as a screen reader gives it: from that click to the next, and said so.
  const cough = key(a, /^Cough/)
  for (const pressed of ['true', 'false']) {
    await cough.evaluate((button) => button.click())
    await cough.and(a.locator(`[aria-pressed=${pressed}]`)).waitFor()
  }
  await cough.hover()
  await a.mouse.down()
  await cough.and(a.locator('[aria-pressed=true]')).waitFor()
  await a.mouse.up()
  await cough.and(a.locator('[aria-pressed=false]')).waitFor()

  // Handover in two keys.
  await a.keyboard.press('KeyO')
  await b.getByText(/offers to hand over/).waitFor()
  await world.shot(b, 'offered')
  await b.keyboard.press('KeyP')
  await status(b, 'On air: Azerbaijani')
  await status(a, `${sample.name(right, 'technician')} is on air`)
  // Forced take-over.
  await a.keyboard.press('KeyT')
  await status(a, 'On air: Azerbaijani')
  await status(b, `${sample.name(right, 'interpreter')} is on air`)

  // Relays, with their signs; the own channel is for who is not on air.
  await b.keyboard.press('Digit3')
  await b.keyboard.press('Digit5')
  await b.keyboard.press('Digit2')
  await b.keyboard.press('Digit1')
  assert.ok(await key(a, /^Own channel/).isDisabled())

  // A word to the colleague, which nobody else reads; keys do nothing while one writes.
  await a.keyboard.press('KeyC')
  await a.keyboard.type('next one is yours, mx')
  await a.keyboard.press('Enter')
  await b.getByText('next one is yours, mx').waitFor()
  await status(a, 'On air: Azerbaijani')
  await a.keyboard.press('Escape')

  // The term sheet by keys alone: found as one types, in any spelling, pinned, and the keys work again.
  await a.keyboard.press('KeyG')
  await a.keyboard.type('KOLEYA m')
  await a.getByText('No term fits.').waitFor()
  for (let i = 0; i < 4; i++) await a.keyboard.press('Backspace')
  const rows = a.locator('.terms .row')
  await rows.first().getByText('پهنای خط').waitFor()
  assert.equal(await rows.count(), 1)
  await world.shot(a, 'terms')
  await a.keyboard.press('Enter')
  await a.keyboard.press('Escape')
  await a.keyboard.press('Escape')
  await a.getByText('Pinned for this item').waitFor()
  await rows.first().and(a.locator('[aria-pressed=true]')).waitFor()
  await status(a, 'On air: Azerbaijani')
  // One notes a term; the colleague has it at once.
  await a.keyboard.press('KeyD')
  await a.keyboard.type('ریل')
  await a.keyboard.press('Tab')
  await a.keyboard.type('relslər')
  const kept = Date.now()
  await a.keyboard.press('Enter')
  await b.locator('.terms .row').getByText('relslər').waitFor()
  console.log(`      a term with the colleague ${Date.now() - kept} ms after Enter`)
  await status(a, 'On air: Azerbaijani')
  await axe(a, 'console with terms')

  // Who is here, of both sides and with their roles; the console's keys go on working beside it.
  await key(a, /^People/).focus()
  await a.keyboard.press('Enter')
  const roster = a.getByRole('complementary', { name: 'People' })
  for (const [party, role, words] of [[left, 'delegate', 'Member of the delegation'], [right, 'interpreter', worded('Booth: Azerbaijani')], [right, 'technician', 'Interpreter']]) await roster.locator(`[data-person="${party}/${role}"]`).getByText(words).waitFor()
  await axe(a, 'who is here')
  await world.shot(a, 'roster')
  await a.keyboard.down('KeyN')
  await cough.and(a.locator('[aria-pressed=true]')).waitFor()
  await a.keyboard.up('KeyN')
  await a.keyboard.press('Escape')
  await roster.waitFor({ state: 'hidden' })

  // Slower, please: to the speaker, without a name.
  await a.keyboard.press('KeyS')
  await c.getByText('The interpreters ask you to speak a little more slowly.').waitFor()

  await a.keyboard.press('KeyX')
  await status(a, 'Interpretation suspended; the floor is heard')
  await status(b, 'Interpretation suspended; the floor is heard')
  await a.keyboard.press('KeyX')
  await a.getByText('Nobody of this booth is on air').waitFor()
  await a.keyboard.press('KeyH')
  await key(a, /^Call for help/).getByText('Called; nobody has answered yet').waitFor()

  for (const [code, words] of [['Equal', 'Volume +2 dB'], ['KeyW', 'Bass +2 dB'], ['KeyE', 'Treble −2 dB']]) {
    await a.keyboard.press(code)
    await a.getByText(worded(words)).first().waitFor()
  }

  // Another key for the microphone, and no single keys at all.
  await key(a, 'Keys').focus()
  await a.keyboard.press('Enter')
  const dialog = a.getByRole('dialog')
  await axe(a, 'keys')
  await world.shot(a, 'keys')
  await dialog.getByRole('button', { name: /^Microphone/ }).focus()
  await a.keyboard.press('Enter')
  await a.keyboard.press('KeyZ')
  await dialog.getByRole('button', { name: /^Microphone/ }).getByText('Z').waitFor()
  await a.keyboard.press('Escape')
  await a.keyboard.press('KeyZ')
  await status(a, 'On air: Azerbaijani')
  assert.equal(await key(a, /^Microphone/).getAttribute('aria-keyshortcuts'), 'Z')
  await key(a, 'Keys').focus()
  await a.keyboard.press('Enter')
  await dialog.getByRole('checkbox', { name: 'Single keys work the console' }).focus()
  await a.keyboard.press('Space')
  await a.keyboard.press('Escape')
  await a.keyboard.press('KeyZ')
  await status(a, 'On air: Azerbaijani')

  for (const language of ['fa', 'az', 'ru']) {
    await a.evaluate((l) => localStorage.setItem('language', l), language)
    await a.reload()
    await a.locator('.enter button').click()
    await a.locator('.console').waitFor()
    await fits(a, language)
    await axe(a, `console in ${language}`)
    await allSeen(a, language)
    await world.shot(a, language)
  }
  for (const page of [a, b, c]) assert.deepEqual(page.problems, [])
}

/** Every key stands in the first view of an ordinary notebook, beside pictures large enough to work from. */
async function allSeen(page, where) {
  const seen = await page.evaluate(() => {
    const end = document.querySelector('.console > footer').getBoundingClientRect().top
    return {
      below: [...document.querySelectorAll('.board button')].filter((key) => key.getBoundingClientRect().bottom > end).map((key) => key.textContent.trim()),
      small: [...document.querySelectorAll('figure > .picture')].map((one) => one.getBoundingClientRect()).filter((one) => one.width < 640 || one.height < 360 || one.bottom > end).length,
    }
  })
  assert.deepEqual(seen, { below: [], small: 0 }, where)
}
