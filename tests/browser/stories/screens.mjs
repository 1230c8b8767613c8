// Every screen in every language at four sizes: nothing cut, no accessibility fault, and a picture to look at.
import { spawn } from 'node:child_process'
import { BIN, assert, atTable, axe, enter, fits, stats, until } from '../lib.mjs'

const WIDTHS = { desktop: [1280, 800], tablet: [820, 1180], phone: [390, 844], sideways: [844, 390] }
const LANGUAGES = ['en', 'ru', 'az', 'fa']

export const beside = true

export default async function (world) {
  const node = await world.node()
  const sample = world.sample(node)
  const [left, right] = sample.parties
  const browser = await world.browser({ width: 320, height: 180, fps: 15, hue: 2 })

  /** The screen as it stands, in all languages; axe once a language, a picture of each width in Persian and Azerbaijani. */
  async function look(page, name, speak = (l) => page.locator(`.languages button[lang=${l}]`).first().click()) {
    for (const language of LANGUAGES) {
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

  const start = await world.page(browser)
  await start.goto(node.url)
  await start.getByRole('heading').first().waitFor()
  await look(start, '01-start')
  await start.goto(node.url + '/nowhere')
  await start.getByRole('heading').first().waitFor()
  await look(start, '02-not-found')
  await start.goto(node.url + '/join#forged')
  await start.getByRole('button').last().waitFor()
  await look(start, '03-link-refused')
  await start.goto(node.url + '/signin')
  await start.getByRole('button', { name: 'Sign in with a passkey' }).waitFor()
  await look(start, '04-sign-in')
  await start.context().close()

  const desk = await world.page(browser)
  await desk.goto(sample.link(left, 'secretary-sign-in'))
  await desk.getByRole('button', { name: 'Later' }).waitFor()
  await look(desk, '05-welcome')
  await desk.getByRole('button', { name: 'Later' }).click()
  await desk.getByRole('heading', { name: 'Consultations' }).waitFor()
  await look(desk, '06-desk')
  await desk.getByRole('link', { name: /railway/ }).first().click()
  await desk.getByRole('heading', { name: 'How far it is' }).waitFor()
  await look(desk, '07-consultation')
  await desk.getByRole('link', { name: 'People' }).first().click()
  await desk.getByRole('button', { name: 'Invite a person' }).waitFor()
  await axe(desk, 'people')
  await desk.getByRole('link', { name: 'Agenda', exact: true }).click()
  await desk.getByRole('link', { name: 'Change', exact: true }).click()
  await desk.getByRole('button', { name: 'Save and propose' }).waitFor()
  await look(desk, '08-change')
  await desk.context().close()

  const head = await world.page(browser)
  await head.goto(sample.link(left, 'head'))
  await head.getByText('The line is good').or(head.getByText(/Answer after/)).first().waitFor()
  await look(head, '09-door')
  await head.getByRole('button', { name: 'Enter the meeting' }).click()
  await head.getByRole('heading', { name: 'Please wait a moment' }).waitFor()
  await look(head, '10-lobby')

  const secretary = await world.page(browser)
  await enter(secretary, sample.link(left, 'secretary'))
  await atTable(secretary)
  const bots = sample.rows.filter((r) => r.party === right && ['head', 'delegate', 'adviser'].includes(r.role) || r.party === right && r.role === 'secretary')
    .map((r) => spawn(BIN, ['bot', '--link', r.link, '--seconds', '300'], { stdio: 'ignore' }))
  world.onClose(() => Promise.all(bots.map((b) => new Promise((ok) => { b.once('exit', ok); b.kill() }))))
  const otherSecretary = await world.page(browser)
  await otherSecretary.goto(sample.link(right, 'secretary-sign-in'))
  await otherSecretary.getByRole('button', { name: 'Later' }).click()
  await otherSecretary.getByRole('link', { name: /railway/ }).first().click()
  await otherSecretary.getByRole('link', { name: 'People' }).first().click()
  await otherSecretary.getByRole('button', { name: /^Admit all/ }).click()
  await secretary.getByRole('button', { name: 'Admit', exact: true }).first().click()
  await atTable(head)
  await until('pictures of the other side', async () => Object.values((await stats(head)).members).filter((m) => m.camera?.framesDecoded > 0).length >= 3, 30_000)

  const inSettings = (page) => async (language) => {
    const button = page.locator(`.languages button[lang=${language}]`)
    if (!(await button.isVisible().catch(() => false))) await page.locator('header button').last().click()
    await button.click()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'hidden' })
  }
  await look(head, '11-table', inSettings(head))
  await head.getByRole('button', { name: /^Messages/ }).click()
  await head.getByRole('textbox', { name: 'Your message' }).fill('سلام، Salam, good day')
  await head.keyboard.press('Enter')
  await head.getByText('سلام، Salam, good day').waitFor()
  await look(head, '12-messages', inSettings(head))
  await head.locator('header button').last().click()
  await head.getByRole('dialog').waitFor()
  await look(head, '13-settings')
  await head.keyboard.press('Escape')
  await look(secretary, '14-people', inSettings(secretary))
  await head.getByRole('button', { name: /^Leave/ }).click()
  await head.getByRole('button', { name: 'Come back' }).waitFor()
  await look(head, '15-left')
  for (const p of [head, secretary]) assert.deepEqual(p.problems, [])
}
