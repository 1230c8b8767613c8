// Two secretaries write the minutes, in Persian and in Azerbaijani, and see each other's words; both sides agree paragraph by paragraph, both heads
// sign with a passkey, each side takes its copy, and the exported record proves the signatures.
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { assert, axe, BIN, enter, fits } from '../lib.mjs'
import { authenticator, secretary } from '../libdesk.mjs'

const fa = { write: 'بند تازه', save: 'ذخیره', agree: 'موافقیم', edit: 'ویرایش', comment: 'یادداشت برای طرف ما', add: 'افزودن یادداشت', over: 'ذخیرهٔ متن من به‌جای آن', sign: 'امضای صورت‌جلسه', minutes: 'صورت‌جلسه', record: 'برگرفتن از نشست' }
const az = { write: 'Yeni bənd', save: 'Yadda saxlayın', agree: 'Razıyıq', edit: 'Düzəliş edin', propose: 'Təklif edin', decline: 'Razı deyilik', sign: 'Protokolu imzalayın', minutes: 'Protokol' }

export const beside = true

export default async function (world) {
  const node = await world.node()
  const sample = world.sample(node, { openDoor: true })
  const [left, right] = sample.parties
  const { consultation } = sample.rows[0]
  const browser = await world.browser({ width: 320, height: 180, fps: 15 })

  // Both heads come to the table; one notes a decision, which the minutes begin with.
  const heads = [await world.page(browser, { language: 'fa' }), await world.page(browser, { language: 'az' })]
  await enter(heads[0], sample.link(left, 'head'), { words: 'ورود به نشست' })
  await enter(heads[1], sample.link(right, 'head'), { words: 'Görüşə daxil olun' })
  await heads[0].locator('header').getByRole('button', { name: 'دستور کار' }).first().click()
  await heads[0].locator('#decision').fill('کارگروه مشترک هر ماه تشکیل جلسه می‌دهد.')
  await heads[0].locator('aside form').first().locator('button[type=submit]').click()
  await heads[0].locator('aside li').filter({ hasText: 'کارگروه مشترک' }).waitFor()

  const [a, b] = await Promise.all([secretary(world, browser, sample, left, 'fa'), secretary(world, browser, sample, right, 'az')])
  for (const page of [a, b]) {
    await page.goto(`${node.url}/desk/${consultation}/minutes`)
    await page.getByRole('heading', { level: 1 }).waitFor()
  }
  const texts = (page) => page.locator('form textarea')
  const row = (page, n) => page.locator('article').nth(n)

  // From the meeting: the decision stands there in Persian; its Azerbaijani text lacks, so nobody can agree yet.
  await a.getByRole('button', { name: fa.record }).click()
  await a.getByRole('dialog').locator('button').last().click()
  await row(b, 0).getByText('کارگروه مشترک').waitFor() // without a reload
  assert.ok(await row(b, 0).getByRole('button', { name: az.agree }).isDisabled(), 'half a text can be agreed to')
  await row(b, 0).getByRole('button', { name: az.edit }).click()
  assert.deepEqual(await texts(b).evaluateAll((all) => all.map((x) => `${x.lang} ${x.dir}`)), ['az ltr', 'fa rtl'], 'the own language does not come first')
  await texts(b).nth(0).fill('Birgə işçi qrupu hər ay [və ya rübdə bir dəfə] toplanır.')
  await b.reload() // what was typed outlives it
  await row(b, 0).getByRole('button', { name: az.edit }).click()
  assert.match(await texts(b).nth(0).inputValue(), /rübdə bir dəfə/)

  // Meanwhile the other side writes in the same paragraph: what was typed is kept beside the newer text.
  await row(a, 0).getByRole('button', { name: fa.edit }).click()
  assert.deepEqual(await texts(a).evaluateAll((all) => all.map((x) => `${x.lang} ${x.dir}`)), ['fa rtl', 'az ltr'])
  await texts(a).nth(0).fill('کارگروه مشترک [هر ماه] تشکیل جلسه می‌دهد.')
  await b.getByRole('button', { name: az.save }).click()
  await a.getByRole('button', { name: fa.over }).waitFor()
  assert.equal(await texts(a).nth(0).inputValue(), 'کارگروه مشترک [هر ماه] تشکیل جلسه می‌دهد.')
  await axe(a, 'a newer text')
  await world.shot(a, 'newer-fa')
  await texts(a).nth(1).fill('Birgə işçi qrupu [hər ay] toplanır.')
  await a.getByRole('button', { name: fa.over }).click()
  await a.getByRole('button', { name: fa.save }).click()
  await row(b, 0).locator('mark').first().waitFor()

  // A second paragraph, and a remark that only the own side sees.
  await a.getByRole('button', { name: fa.write }).click()
  await texts(a).nth(0).fill('پهنای خط در بخش رشت–آستارا ۱۵۲۰ میلی‌متر است (ISO 9001).')
  await texts(a).nth(1).fill('Rəşt–Astara hissəsində yolun eni 1520 mm-dir (ISO 9001).')
  await a.getByRole('button', { name: fa.save }).click()
  await row(b, 1).getByText('1520 mm').waitFor()
  await row(a, 1).getByRole('button', { name: fa.comment }).click()
  await row(a, 1).locator('textarea').fill('فقط برای خودمان')
  await row(a, 1).getByRole('button', { name: fa.add }).click()
  await row(a, 1).locator('.comments li').filter({ hasText: 'فقط برای خودمان' }).waitFor()

  // Proposed, declined, brackets settled, agreed.
  await row(b, 1).getByRole('button', { name: az.propose }).click()
  await row(a, 1).getByRole('button', { name: fa.agree }).click()
  await row(b, 1).getByRole('button', { name: az.decline }).waitFor()
  assert.equal(await b.getByText('فقط برای خودمان').count(), 0, 'the other side sees our remark')
  for (const [page, language] of [[a, 'fa'], [b, 'az']]) {
    await fits(page, language)
    await axe(page, language)
    await world.shot(page, `desk-${language}`)
  }
  await row(b, 1).getByRole('button', { name: az.agree }).click()
  await row(a, 1).locator('.state').getByText('توافق‌شده').waitFor()
  await row(b, 0).getByRole('button', { name: az.edit }).click()
  await texts(b).nth(0).fill('Birgə işçi qrupu hər ay toplanır.')
  await texts(b).nth(1).fill('کارگروه مشترک هر ماه تشکیل جلسه می‌دهد.')
  await b.getByRole('button', { name: az.save }).click()
  await row(b, 0).getByRole('button', { name: az.agree }).click()

  // The other side agrees at the table: its head chairs, and has the minutes beside the table.
  await heads[0].locator('header').getByRole('button', { name: fa.minutes }).click()
  await heads[0].locator('aside article').first().getByRole('button', { name: fa.agree }).click()
  await heads[0].locator('aside').getByRole('button', { name: fa.sign }).waitFor()
  await axe(heads[0], 'the minutes beside the table')
  await world.shot(heads[0], 'table-fa')

  // Both heads sign: one at the table, one by the personal link after the meeting.
  await authenticator(heads[0])
  await heads[0].locator('aside').getByRole('button', { name: fa.sign }).click()
  await a.locator('.signed').first().waitFor()
  await authenticator(heads[1])
  await heads[1].goto(new URL(heads[1].url()).href + '/minutes')
  await heads[1].getByRole('button', { name: az.sign }).click()
  await heads[1].locator('.signed').nth(1).waitFor()
  await axe(heads[1], 'signed')
  await fits(heads[1], 'signed')
  await heads[1].evaluate(() => scrollTo(0, document.body.scrollHeight))
  await world.shot(heads[1], 'signed-az')
  await b.locator('.signed').nth(1).waitFor()
  assert.equal(await b.getByRole('button', { name: az.edit }).count(), 0, 'what both signed can be edited')

  // Copies: each side's own first.
  const download = a.waitForEvent('download')
  await a.getByRole('link', { name: /DOCX/ }).click()
  const file = path.join(world.dir, 'copy.docx')
  await (await download).saveAs(file)
  assert.equal(fs.readFileSync(file).subarray(0, 2).toString(), 'PK')
  for (const [page, language, first] of [[a, 'fa', 'صورت‌جلسه'], [b, 'az', 'Protokol']]) {
    await page.goto(`${node.url}/api/desk/consultations/${consultation}/minutes/minutes.html`)
    assert.equal(await page.locator('main .title').first().innerText(), first)
    await fits(page, `print in ${language}`)
    await world.shot(page, `print-${language}`)
  }
  await a.goto(`${node.url}/desk/${consultation}/minutes`)
  await a.setViewportSize({ width: 390, height: 844 })
  await row(a, 1).waitFor()
  await fits(a, 'on a telephone')
  await world.shot(a, 'telephone-fa')

  // The record proves it without the node.
  const zip = path.join(world.dir, 'record.zip')
  world.admin('export', '--consultation', consultation, zip)
  const proved = JSON.parse(execFileSync(BIN, ['verify', '--json', zip], { encoding: 'utf8' }))
  assert.equal(proved.minutes.filter((one) => one.stands && one.origin === node.url).length, 2, JSON.stringify(proved.minutes))
  for (const page of [a, b, ...heads]) assert.deepEqual(page.problems.filter((p) => !/status of 401|WebSocket|Failed to load/.test(p)), [])
}
