// Two secretaries write their sides' public accounts, agree one passage, and both accounts appear at one moment without anybody pressing
// anything. Anybody can read them without a script, in each language, and check them without the node.
import { execFileSync, spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { assert, axe, BIN, fits, OUTPUT, worded } from '../lib.mjs'
import { command as commanded, published, secretary } from '../libdesk.mjs'

const passage = {
  fa: 'دو طرف توافق کردند که پهنای خط در سراسر مسیر ۱۵۲۰ میلی‌متر باشد.', az: 'Tərəflər razılaşdı ki, bütün xətt boyu yolun eni 1520 mm olsun.',
  en: 'The sides agreed that the gauge shall be 1520 mm along the whole line.', ru: 'Стороны договорились, что ширина колеи на всём пути составит 1520 мм.',
}
const own = [
  { fa: 'وزیر بر پایان ساخت پل تا پایان سال تأکید کرد.', az: 'Nazir körpünün ilin sonuna qədər tamamlanmasını vurğuladı.', en: 'The minister stressed that the bridge be finished within the year.', ru: 'Министр подчеркнул, что мост должен быть завершён до конца года.' },
  { fa: '<b>مرز</b> شبانه‌روز باز خواهد بود.', az: '<b>Sərhəd</b> gecə-gündüz açıq olacaq.', en: 'The border will be <b>open</b> day and night.', ru: 'Граница будет <b>открыта</b> круглосуточно.' },
]
const tags = ['fa', 'az', 'en', 'ru']

export const beside = true

export default async function (world) {
  const node = await world.node()
  const sample = world.sample(node, { openDoor: true })
  const browser = await world.browser({ width: 320, height: 180, fps: 15 })
  const pages = []
  for (const party of sample.parties) {
    const page = await secretary(world, browser, sample, party, 'en')
    await page.goto(`${node.url}/desk/${sample.consultation}/readout`)
    await page.getByRole('heading', { name: 'Public account' }).waitFor()
    pages.push(page)
  }
  const [a, b] = pages
  const at = `/readout/${sample.consultation}`

  for (const [i, page] of pages.entries()) {
    for (const name of ['Persian', 'Azerbaijani', 'English', 'Russian']) {
      const box = page.getByRole('group', { name: 'Languages of our account' }).getByRole('checkbox', { name })
      if (!await box.isChecked()) await box.check()
    }
    await page.getByRole('button', { name: 'Begin from the record' }).click()
    await page.getByRole('textbox', { name: /^Paragraph/ }).first().waitFor()
    await page.getByRole('button', { name: 'Add a paragraph' }).click()
    const n = await page.getByRole('textbox', { name: /^Paragraph/ }).count() / 2
    for (const [tag, name] of [['fa', 'Persian'], ['az', 'Azerbaijani'], ['en', 'English'], ['ru', 'Russian']]) {
      const field = page.getByRole('textbox', { name: worded(`Paragraph ${n} (${name})`) })
      if (await field.count() === 0) await page.getByRole('radio', { name }).check()
      await field.fill(own[i][tag])
    }
    // Neither a reload nor a look at another page loses what was not saved.
    await page.getByRole('link', { name: 'Overview' }).click()
    await page.getByRole('heading', { name: 'How far it is' }).waitFor()
    await page.goBack()
    await page.reload()
    await page.getByText('There are changes that are not saved.').waitFor()
    await page.getByRole('button', { name: 'Save the draft' }).click()
    await page.getByText('The draft is saved').waitFor()
  }
  assert.ok(!(await b.evaluate((id) => fetch(`/api/desk/consultations/${id}`).then((r) => r.text()), sample.consultation)).includes(own[0].fa), 'the other side is sent the draft')

  for (const page of pages) await page.getByRole('link', { name: 'Wording for both sides' }).click()
  await a.getByRole('button', { name: 'A passage for both sides' }).click()
  for (const [tag, name] of [['fa', 'Persian'], ['az', 'Azerbaijani'], ['en', 'English'], ['ru', 'Russian']]) {
    await a.getByRole('dialog').getByRole('textbox', { name: worded(`Text (${name})`) }).fill(passage[tag])
  }
  await a.getByRole('dialog').getByRole('button', { name: 'Put to the other side' }).click()
  await b.getByText('your answer is awaited').waitFor()
  await axe(b, 'a passage to answer')
  await b.getByRole('button', { name: 'Agree', exact: true }).click()
  for (const page of pages) await page.getByRole('button', { name: 'Put into our account' }).click()

  // A moment some seconds ahead; the lists of the screen have five minutes. The other side stands where it is to be agreed.
  await b.getByRole('link', { name: 'When it is published' }).click()
  const moment = new Date(Math.ceil(Date.now() / 1000) * 1000 + 20_000)
  const command = (page, type, body) => commanded(page, sample.consultation, type, body)
  assert.equal(await command(a, 'embargo.propose', { number: 1, at: new Date(Date.now() - 60_000).toISOString() }), 422, 'a moment in the past')
  assert.equal(await command(a, 'embargo.propose', { number: 1, at: moment.toISOString() }), 200)
  await b.getByRole('button', { name: 'Agree', exact: true }).click()
  await b.getByText('Nobody publishes before this moment').waitFor()
  await b.getByRole('link', { name: 'Our account' }).click()
  for (const page of pages) await page.getByRole('button', { name: 'Our account is ready' }).click()
  await a.locator('.standing .ready').nth(1).waitFor()
  const early = await fetch(node.url + at + '/fa')
  if (Date.now() < moment.getTime()) assert.equal(early.status, 404, 'published before the moment')
  for (const [language, page] of [['fa', a], ['az', b]]) {
    await page.evaluate((l) => localStorage.setItem('language', l), language)
    await page.reload()
    await page.locator('#readout').waitFor()
    await fits(page, language)
    await axe(page, `drafting in ${language}`)
    await page.locator('#readout').scrollIntoViewIfNeeded()
    await page.screenshot({ path: path.join(OUTPUT, `readout-desk-${language}.png`), fullPage: true })
  }

  const text = await published(node.url + at + '/fa')
  assert.ok(Date.now() >= moment.getTime(), 'they appeared before the moment')
  assert.equal(text.split('<article>').length, 3, 'both accounts, together')
  console.log(`      both accounts appeared ${Date.now() - moment.getTime()} ms after the moment`)

  // Pages for anybody: no script, each language, paper too.
  const anybody = await world.page(browser)
  for (const tag of tags) {
    await anybody.setViewportSize({ width: 1280, height: 800 })
    await anybody.goto(node.url + at + '/' + tag)
    await axe(anybody, `the page in ${tag}`)
    await fits(anybody, `the page in ${tag}`)
    assert.equal(await anybody.locator('article b').count(), 0, 'markup in a text is taken for markup')
    assert.equal(await anybody.locator('.alike').count(), 2)
    await anybody.screenshot({ path: path.join(OUTPUT, `readout-page-${tag}.png`), fullPage: true })
    await anybody.pdf({ path: path.join(OUTPUT, `readout-${tag}.pdf`), format: 'A4', printBackground: true })
    execFileSync('pdftoppm', ['-r', '60', '-png', path.join(OUTPUT, `readout-${tag}.pdf`), path.join(OUTPUT, `readout-paper-${tag}`)])
    await anybody.setViewportSize({ width: 390, height: 844 })
    await fits(anybody, `the page in ${tag} on a telephone`)
    const feed = await a.evaluate((xml) => {
      const doc = new DOMParser().parseFromString(xml, 'application/xml')
      return { bad: doc.querySelector('parsererror')?.textContent, entries: doc.querySelectorAll('entry').length }
    }, await (await fetch(`${node.url}/readouts/${tag}/feed`)).text())
    assert.deepEqual(feed, { bad: undefined, entries: 2 })
  }
  await anybody.goto(node.url + '/readouts/az')
  await axe(anybody, 'the list')
  assert.deepEqual(anybody.problems.filter((p) => !/Content Security Policy/.test(p)), [])

  // A correction, and the file that anybody can check.
  await b.getByRole('button', { name: 'Düzəliş əlavə edin' }).click()
  for (const field of await b.getByRole('dialog').getByRole('textbox').all()) await field.fill('2028')
  await b.getByRole('dialog').getByRole('button', { name: 'Düzəliş əlavə edin' }).click()
  await b.locator('.correction').waitFor()
  await axe(b, 'published')
  await b.screenshot({ path: path.join(OUTPUT, 'readout-desk-published.png'), fullPage: true })
  const file = path.join(world.dir, 'account.txt')
  const signed = Buffer.from(await (await fetch(`${node.url}${at}/signed/${sample.parties[1]}`)).arrayBuffer())
  fs.writeFileSync(file, signed)
  const verify = () => spawnSync(BIN, ['verify', file], { encoding: 'utf8' })
  assert.match(verify().stdout, /is whole: languages \[az en fa ru\], corrections 1/)
  const where = signed.indexOf('gecə-gündüz')
  signed[where + 1] ^= 1
  fs.writeFileSync(file, signed)
  const wrong = verify()
  assert.notEqual(wrong.status, 0)
  assert.match(wrong.stderr, /"paragraph az \d+" is not the text that was signed/)
  for (const page of pages) assert.deepEqual(page.problems.filter((p) => !/status of 4(22|01)/.test(p)), [])
}
