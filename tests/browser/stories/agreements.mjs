// What both sides undertook: proposed and agreed, said by each side in its own words, seen at a glance, and back in the next agenda.
import fs from 'node:fs'
import { assert, axe, fits, looked, until } from '../lib.mjs'
import { bring, does, secretary, words } from '../libdesk.mjs'

const day = (n) => new Date(Date.now() + n * 86_400_000).toISOString().slice(0, 10)

const railway = {
  kind: 'project', areas: [{ id: 'transport' }],
  title: { fa: 'تکمیل راه‌آهن رشت–آستارا', az: 'Rəşt–Astara dəmir yolunun tamamlanması', en: 'Completing the Rasht–Astara railway', ru: 'Завершение железной дороги Решт — Астара' },
  text: { fa: 'دو طرف ساخت ۱۶۲ کیلومتر راه‌آهن با عرض ۱۵۲۰ میلی‌متر را به پایان می‌رسانند.', az: 'Tərəflər 1520 mm kolleyalı 162 km dəmir yolunun tikintisini başa çatdırır.', en: 'The sides complete 162 km of railway with a gauge of 1520 mm.', ru: 'Стороны завершают строительство 162 км железной дороги с колеёй 1520 мм.' },
  milestones: [
    { id: 'land', due: day(-40), title: { fa: 'تملک زمین‌های مسیر', az: 'Marşrut üzrə torpaqların alınması', en: 'Acquiring the land along the line', ru: 'Выкуп земель вдоль линии' } },
    { id: 'bridge', due: day(60), title: { fa: 'پل بر رود آستاراچای', az: 'Astaraçay üzərində körpü', en: 'Bridge over the Astarachay', ru: 'Мост через Астарачай' } },
    { id: 'rails', due: day(400), title: { fa: 'ریل‌گذاری', az: 'Relslərin çəkilməsi', en: 'Laying the rails', ru: 'Укладка рельсов' } }],
}
const health = (days, from) => ({
  kind: 'protocol', areas: [{ id: 'health' }, { id: 'customs' }], inForce: from, milestones: [{ id: 'lab', due: day(20), title: { fa: 'آزمایشگاه مشترک', az: 'Birgə laboratoriya', en: 'A joint laboratory', ru: 'Общая лаборатория' } }],
  title: { fa: 'مقررات بهداشتی کالا در مرز', az: 'Sərhəddə mallar üçün sanitariya qaydaları', en: 'Health rules for goods at the border', ru: 'Санитарные правила для товаров на границе' },
  text: { fa: `گوشت حداکثر ${days} روز در سردخانه می‌ماند.`, az: `Ət soyuducuda ən çoxu ${days} gün saxlanılır.`, en: `Meat is kept in cold storage for at most ${days} days.`, ru: `Мясо хранится в холоде не более ${days} дней.` },
})
const programme = {
  kind: 'programme', areas: [{ id: 'customs' }], milestones: [{ id: 'visit', due: day(90), title: { fa: 'بازدید از گذرگاه', az: 'Keçid məntəqəsinə səfər', en: 'A visit to the crossing', ru: 'Поездка на пункт пропуска' } }],
  title: { fa: 'تبادل تجربه در مدیریت گذرگاه‌ها', az: 'Keçid məntəqələri üzrə təcrübə mübadiləsi', en: 'Exchange of experience in running crossings', ru: 'Обмен опытом по пунктам пропуска' }, text: {},
}

export const beside = true

export default async function (world) {
  const node = await world.node()
  const sample = world.sample(node)
  const [left, right] = sample.parties
  const consultation = sample.rows[0].consultation
  const browser = await world.browser({ width: 320, height: 180, fps: 15 })
  const [a, b] = await Promise.all([secretary(world, browser, sample, left, 'fa'), secretary(world, browser, sample, right, 'az')])

  // One is written by hand: in four languages, with a day entered in the Solar Hijri calendar.
  await a.getByRole('link', { name: 'توافق‌ها' }).click()
  await a.getByText('هنوز توافقی ثبت نشده است').waitFor()
  await a.getByRole('link', { name: 'توافق تازه' }).click()
  await a.getByRole('textbox', { name: /^عنوان به/ }).first().waitFor()
  for (const field of await a.getByRole('textbox', { name: /^عنوان به/ }).all()) await field.fill('نشست کارشناسان')
  await a.getByRole('checkbox', { name: 'آموزش' }).check()
  await a.getByRole('button', { name: 'افزودن مرحله' }).click()
  for (const field of await a.locator('.milestones').getByRole('textbox').all()) await field.fill('نخستین نشست')
  await a.getByRole('button', { name: 'پیشنهاد به طرف مقابل' }).click()
  await a.getByText('لطفاً این بخش را پر کنید.').first().waitFor() // the day is missing
  await a.locator('.milestones').getByLabel('روز', { exact: true }).selectOption({ index: 10 })
  await a.locator('.milestones').getByLabel('ماه', { exact: true }).selectOption({ index: 12 })
  await a.locator('.milestones').getByLabel('سال', { exact: true }).selectOption({ index: 12 })
  await fits(a, 'the form')
  await axe(a, 'the form')
  await world.shot(a, 'form-fa')
  await a.getByRole('button', { name: 'پیشنهاد به طرف مقابل' }).click()
  await a.getByRole('heading', { name: 'پیشنهاد', exact: false }).first().waitFor()

  // The others come the short way; both sides agree.
  const agreed = async (terms, id, base = 0) => {
    const line = await does(a, consultation, 'agreement.propose', { id: id ?? '', base, terms })
    await does(b, consultation, 'agreement.agree', { id: line.agreement.id, version: line.version })
    return line.agreement.id
  }
  const rail = await agreed(railway)
  const protocol = await agreed(health(7, day(-100)))
  await agreed(health(10, day(-10)), protocol, 1)
  await agreed(programme)
  await agreed({ ...railway, milestones: [railway.milestones[0], { ...railway.milestones[1], due: day(150) }, railway.milestones[2]] }, rail, 1)

  // Each side says how it stands, through the screen; they do not say the same.
  await b.goto(`${node.url}/desk/agreements/${consultation}/${rail}`)
  await b.getByRole('button', { name: 'Vəziyyətimizi bildirin' }).click()
  await b.getByRole('dialog').getByLabel('Vəziyyət').selectOption('under-way')
  await b.getByRole('dialog').getByRole('textbox').first().fill('120')
  await b.getByRole('dialog').getByText('0-dan 100-ə qədər tam ədəd yazın.').waitFor()
  await b.getByRole('dialog').getByRole('textbox').first().fill('70')
  await b.getByRole('dialog').getByRole('textbox').last().fill('Bizim hissədə torpaq işləri bitib.')
  await axe(b, 'the report')
  await b.getByRole('dialog').getByRole('button', { name: 'Yadda saxla' }).or(b.getByRole('dialog').getByRole('button', { name: 'Saxla' })).first().click()
  await b.getByText('Bizim hissədə torpaq işləri bitib.').waitFor()
  await b.getByRole('button', { name: 'Yerinə yetirildi kimi qeyd edin' }).first().click()
  await b.getByRole('dialog').getByRole('button', { name: 'Yerinə yetirildi kimi qeyd edin' }).click()
  await b.getByRole('button', { name: 'Qeydi geri götürün' }).waitFor()
  await b.getByRole('button', { name: 'Maneəni göstərin' }).click()
  await b.getByRole('dialog').getByRole('textbox').first().fill('Bir kənddə torpaq hələ alınmayıb')
  await b.getByRole('dialog').getByRole('button', { name: /axla/ }).click()
  await b.getByRole('dialog').waitFor({ state: 'hidden' })
  await does(a, consultation, 'agreement.report', { id: rail, progress: 'obstructed', percent: 30, note: 'زمین‌های یک روستا هنوز تملک نشده است.' })
  await does(a, consultation, 'agreement.name-responsible', { id: rail, name: 'شیرین فرهمند', function: 'مدیرکل طرح‌های راه‌آهن' })

  await evidence(world, b)

  for (const [language, page] of [['fa', a], ['az', b]]) {
    await page.goto(`${node.url}/desk/agreements`)
    await page.locator('.tiles').waitFor()
    assert.deepEqual(await page.locator('.tiles .some').evaluateAll((all) => all.map((one) => one.className.split(' ')[0])), ['late', 'blocked', 'differ', 'waiting'])
    for (const [where, path] of [['overview', ''], ['area', '/area/customs'], ['railway', `/${consultation}/${rail}`], ['protocol', `/${consultation}/${protocol}`]]) {
      await page.setViewportSize({ width: 1280, height: 900 })
      await page.goto(`${node.url}/desk/agreements${path}`)
      await page.locator('h1').waitFor()
      await page.locator('.badge').first().waitFor()
      if (where === 'protocol') await page.locator('summary').last().click()
      await looked(world, page, `${where}-${language}`, { fullPage: true })
    }
    await page.setViewportSize({ width: 1280, height: 900 })
  }
  await until('the difference of two versions', async () => (await b.locator('del').allTextContents()).some((text) => text.includes('7')))
  await files(world, node, a)
  await nextTime(world, node, b)
  for (const page of [a, b]) assert.deepEqual(page.problems.filter((p) => !/422/.test(p)), [])
}

/** A document of the library is chosen; that the other side cannot read it yet is said before. */
async function evidence(world, page) {
  const az = words('az')
  await bring(page, 'hesabat.txt', 'Torpaq işləri haqqında hesabat', { az: 'Torpaq işləri haqqında hesabat' })
  await page.getByRole('button', { name: az('follow.add-evidence') }).click()
  await page.getByRole('dialog').getByText(az('follow.evidence-unread')).waitFor()
  await axe(page, 'the choice of evidence')
  await world.shot(page, 'evidence-az')
  await page.getByRole('dialog').getByRole('button', { name: az('button.save') }).click()
  await page.locator('a[href^="/desk/library/"]', { hasText: 'Torpaq işləri haqqında hesabat' }).waitFor()
}

/** What goes out comes in again; days of rest come from a calendar, and a due date on one says so. */
async function files(world, node, page) {
  await page.goto(`${node.url}/desk/agreements/settings`)
  const [saved] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'جدول (CSV)' }).click()])
  const table = await saved.path()
  await page.getByLabel('فایل', { exact: true }).setInputFiles({ name: 'agreements.csv', mimeType: 'text/csv', buffer: fs.readFileSync(table) })
  await page.getByRole('button', { name: 'بررسی فایل' }).click()
  await page.getByText('تازه: ').waitFor()
  await page.getByRole('button', { name: 'درون‌برد شود' }).click()
  await page.getByText('فایل درون‌برد شد.').waitFor()
  await page.getByLabel('فایل', { exact: true }).setInputFiles({ name: 'agreements.csv', mimeType: 'text/csv', buffer: Buffer.from(fs.readFileSync(table, 'utf8').replaceAll(day(-40), '1404-05-12')) })
  await page.getByRole('button', { name: 'بررسی فایل' }).click()
  await page.getByText(/به تاریخ هجری شمسی می‌ماند/).waitFor()

  const due = day(150).replaceAll('-', '')
  await page.getByLabel('فایل تعطیلات (ICS یا CSV)').setInputFiles({ name: 'days.ics', mimeType: 'text/calendar',
    buffer: Buffer.from(`BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART;VALUE=DATE:${due}\r\nSUMMARY:روز نمونه\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n`) })
  await page.getByRole('checkbox', { name: 'جمعه' }).check()
  await page.getByRole('button', { name: 'ذخیرهٔ روزهای تعطیل' }).click()
  await page.getByText('روز نمونه').waitFor()
  await page.locator('input[type=email]').fill('dabir@vezarat.example')
  await page.getByRole('checkbox', { name: 'برایم یادآوری فرستاده شود' }).check()
  await page.getByRole('button', { name: 'ذخیرهٔ یادآوری' }).click()
  await page.getByText('ذخیره شد.').last().waitFor()
  // An address for calendar programs, without anybody's cookie; taken back, it is no more.
  await page.getByRole('button', { name: 'ساختن نشانی', exact: true }).click()
  const address = await page.getByRole('textbox', { name: 'نشانی برای برنامهٔ تقویم' }).inputValue()
  assert.match(await (await fetch(address)).text(), /^BEGIN:VCALENDAR[^]*BEGIN:VEVENT/)
  await axe(page, 'files and habits')
  await fits(page, 'files and habits')
  await world.shot(page, 'habits-fa', { fullPage: true })
  await page.setViewportSize({ width: 390, height: 844 })
  await fits(page, 'files and habits on a telephone')
  await page.getByRole('button', { name: 'باطل کردن نشانی' }).click()
  await page.getByRole('button', { name: 'ساختن نشانی', exact: true }).waitFor()
  assert.equal((await fetch(address)).status, 404)
  await world.shot(page, 'habits-fa-telephone', { fullPage: true })
  await page.setViewportSize({ width: 1280, height: 900 })
  await page.goto(`${node.url}/desk/agreements`)
  await page.locator('.cards a', { hasText: 'راه‌آهن' }).first().click()
  await page.getByText(/روز نمونه.{0,2}: روز تعطیل برای/).first().waitFor()
}

/** The next consultation of the same sides opens with what is late, each once; what is taken out stays out. */
async function nextTime(world, node, page) {
  await page.goto(`${node.url}/desk/new`)
  const items = page.locator('ol > li[data-item]')
  await items.first().waitFor()
  await until('each is said to have come back', async () => await items.count() === await page.getByRole('link', { name: 'Əvvəlki razılaşmadan qayıdıb' }).count())
  const came = await items.count()
  assert.ok(came >= 1, 'nothing came back')
  await axe(page, 'the next consultation')
  await world.shot(page, 'next-az', { fullPage: true })
  await items.first().locator('.remove').click()
  await page.getByRole('button', { name: /əlavə edin/ }).first().waitFor()
  const there = (n) => until(`items: ${n}`, async () => await items.count() === n)
  await there(came - 1)
  await page.getByRole('button', { name: /razılaşmanı əlavə edin/ }).click()
  await there(came)
  for (const field of await page.getByRole('textbox', { name: /^Mövzu/ }).all()) if ((await field.inputValue()) === '') await field.fill('Növbəti məsləhətləşmə')
  await page.reload() // what was typed outlives it, and is not said twice
  await page.getByText('Yadda saxlanılmamış dəyişikliklər var.').waitFor()
  await there(came)
  assert.equal(await page.getByRole('textbox', { name: /^Mövzu/ }).first().inputValue(), 'Növbəti məsləhətləşmə')
  await page.locator('button[type=submit]').click()
  await page.getByRole('link', { name: 'Əvvəlki razılaşmadan qayıdıb' }).first().click()
  await page.locator('.badge.late').waitFor()

  // A call of leader to leader has no agenda: what is late with that side is shown to who makes it.
  await page.goto(`${node.url}/desk`)
  await page.getByRole('button', { name: words('az')('call.make') }).first().click()
  await page.locator('.open .badge.late').first().waitFor()
  await axe(page, 'a call')
  await world.shot(page, 'call-az')
}
