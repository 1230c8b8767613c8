// A secretary brings documents into her side's library, the line is cut and the node killed on the way; the other side reads them, at the
// desk and at the table, and every reading is listed. Nothing of a document runs.
import fs from 'node:fs'
import path from 'node:path'
import { assert, atTable, axe, enter, fits, looked, signIn, stats, until, worded } from '../lib.mjs'

const trap = `<!doctype html><meta charset="utf-8"><title>x</title><h1>Sərhəd keçid qaydaları</h1><p dir="rtl">قرنطینهٔ گیاهی در آستارا</p>
<script>top.document.title = 'run'; document.body.dataset.run = 'yes'</script><img src="x" onerror="top.document.title='run'"><a href="javascript:top.document.title='run'">go</a>`

/** A PDF of several pages, and larger than one part of an upload: what is behind its end is no part of it. */
async function pdf(browser, file) {
  const context = await browser.newContext()
  const page = await context.newPage()
  await page.setContent(`<html dir="rtl" lang="fa"><body style="font: 20px sans-serif"><h1>آیین‌نامهٔ گذر کالا از مرز</h1><p>مادهٔ ۱: راه‌آهن رشت–آستارا تا پایان سال تکمیل می‌شود.</p>
    <div style="break-before: page"><h1>مادهٔ ۲</h1><p>گواهی بهداشتی کالا در گمرک بررسی می‌شود.</p></div><div style="break-before: page"><h1>مادهٔ ۳</h1></div></body></html>`)
  const made = await page.pdf({ format: 'A4' })
  await context.close()
  const head = Buffer.concat([made.subarray(0, made.lastIndexOf('startxref')), Buffer.from('%' + 'x'.repeat(12_000_000) + '\n'), made.subarray(made.lastIndexOf('startxref'))])
  fs.writeFileSync(file, head)
}

export const beside = true

export default async function (world) {
  const node = await world.node()
  const sample = world.sample(node, { openDoor: true })
  const [left, right] = sample.parties
  const browser = await world.browser({ width: 320, height: 180, fps: 15 })
  const file = path.join(world.dir, 'آیین‌نامهٔ مرز.pdf')
  await pdf(browser, file)
  fs.writeFileSync(path.join(world.dir, 'qaydalar.html'), trap)
  fs.writeFileSync(path.join(world.dir, 'false.pdf'), 'MZ this is a program')

  const [a, b] = await Promise.all([world.page(browser, { language: 'en' }), world.page(browser, { language: 'az' })])
  await signIn(a, sample, left)
  await a.getByRole('button', { name: 'Later' }).click()
  await a.getByRole('link', { name: 'Library' }).click()
  await a.getByRole('heading', { name: 'Library' }).waitFor()
  await a.getByText('The library is empty').waitFor()
  await axe(a, 'empty library')

  // A file that lies is refused with one sentence.
  await a.getByRole('button', { name: 'Add a document' }).click()
  await a.getByLabel('Choose a file').setInputFiles(path.join(world.dir, 'false.pdf'))
  await a.getByText('The file is here completely.').waitFor()
  await a.getByRole('button', { name: 'Put into the library' }).click()
  await a.getByText(/The content of this file is not what its ending/).waitFor()
  await a.getByRole('button', { name: 'Cancel' }).click()

  // Cut on the way: the node is killed, and the page is loaded again; the rest is sent.
  const line = await a.context().newCDPSession(a)
  await line.send('Network.emulateNetworkConditions', { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: 1_500_000 })
  await a.getByRole('button', { name: 'Add a document' }).click()
  await a.getByLabel('Choose a file').setInputFiles(file)
  await until('two thirds are sent', async () => (await a.locator('progress').evaluate((bar) => bar.value)) > 60, 60_000)
  await a.getByRole('button', { name: 'Pause' }).click()
  await world.shot(a, 'paused')
  await node.kill()
  await node.start()
  await a.reload()
  await a.getByText(/came as far as/).waitFor()
  await world.shot(a, 'interrupted')
  await line.send('Network.emulateNetworkConditions', { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: -1 })
  await a.getByRole('button', { name: 'Choose a file' }).click()
  const parts = []
  a.on('request', (request) => { if (request.method() === 'PATCH') parts.push(Number(request.headers()['upload-offset'])) })
  await a.getByLabel('Choose a file').setInputFiles(file)
  await a.getByText('The file is here completely.').waitFor({ timeout: 30_000 })
  assert.ok(parts[0] > 3_000_000, `it began again at ${parts[0]}`)
  await a.getByRole('textbox', { name: worded('Title: Persian') }).fill('آیین‌نامهٔ گذر کالا')
  await a.getByText('Title and description in other languages').click()
  await a.getByRole('textbox', { name: worded('Title: Azerbaijani') }).fill('Malların sərhəddən keçməsi qaydaları')
  await a.getByRole('textbox', { name: 'Source' }).fill('گمرک')
  await a.getByRole('checkbox', { name: 'The date of the document is known' }).check()
  await axe(a, 'the form')
  await fits(a, 'the form')
  await world.shot(a, 'form')
  await a.getByRole('button', { name: 'Put into the library' }).click()
  await a.getByRole('heading', { name: 'Malların sərhəddən keçməsi qaydaları' }).waitFor({ timeout: 60_000 })
  await a.getByText(worded('Page 1 of 3')).first().waitFor()
  await until('the page is drawn', () => a.locator('canvas').evaluate((c) => c.width > 300 && [...c.getContext('2d').getImageData(0, 0, c.width, c.height).data].some((v) => v < 100)))
  await axe(a, 'a document')
  await world.shot(a, 'document')
  const at = new URL(a.url()).pathname

  // A web page with a script.
  await a.getByRole('link', { name: 'Back to the library' }).click()
  await a.getByRole('button', { name: 'Add a document' }).click()
  await a.getByLabel('Choose a file').setInputFiles(path.join(world.dir, 'qaydalar.html'))
  await a.getByText('The file is here completely.').waitFor()
  await a.getByRole('checkbox', { name: /Our side and/ }).first().check()
  await a.getByRole('button', { name: 'Put into the library' }).click()
  const frame = a.frameLocator('iframe')
  await frame.getByText('Sərhəd keçid qaydaları').waitFor()
  assert.equal(await frame.locator('script, [onerror], a[href^="javascript"]').count(), 0, 'something that runs is in the page')
  assert.notEqual(await a.title(), 'run')

  // The same file again leads to the first; a film that this browser cannot play says so.
  const first = new URL(a.url()).pathname
  const puts = async (file) => {
    await a.getByRole('link', { name: 'Back to the library' }).click()
    await a.getByRole('button', { name: 'Add a document' }).click()
    await a.getByLabel('Choose a file').setInputFiles(path.join(world.dir, file))
    await a.getByText('The file is here completely.').waitFor()
    await a.getByRole('button', { name: 'Put into the library' }).click()
  }
  await puts('qaydalar.html')
  await a.getByText('This very file is in your library already').waitFor()
  await axe(a, 'the same file again')
  await world.shot(a, 'twice')
  await a.getByRole('button', { name: 'Open', exact: true }).click()
  await until('the first one is open', () => new URL(a.url()).pathname === first)
  fs.writeFileSync(path.join(world.dir, 'film.mov'), Buffer.concat([Buffer.from('\0\0\0\x14ftypqt  '), Buffer.alloc(5000)]))
  await puts('film.mov')
  await a.getByText('This browser cannot play this file').waitFor()
  await world.shot(a, 'unplayable')

  // Before a consultation, at an item of its agenda.
  await a.goto(node.url + '/desk')
  await a.getByRole('heading', { level: 3 }).first().getByRole('link').click()
  await a.getByRole('link', { name: 'Documents', exact: true }).first().click()
  await a.getByRole('button', { name: 'Put a document before this consultation' }).click()
  await a.getByLabel('Document', { exact: true }).selectOption({ label: 'Malların sərhəddən keçməsi qaydaları' })
  await a.getByLabel('Agenda item', { exact: true }).selectOption({ index: 1 })
  await a.locator('form').getByRole('button', { name: 'Put a document before this consultation' }).click()
  await a.getByRole('button', { name: 'Take back' }).waitFor()
  await axe(a, 'the consultation')
  await world.shot(a, 'consultation')

  // The other side finds its text, and reads it.
  await signIn(b, sample, right)
  await b.getByRole('button', { name: 'Sonra' }).click()
  await b.getByRole('searchbox', { name: 'Axtarış' }).fill('گواهي بهداشتي')
  const hit = b.locator('search li').first()
  await hit.locator('mark').first().waitFor()
  await world.shot(b, 'found')
  await hit.getByRole('link').click()
  await b.getByText(worded('Səhifə 2 / 3')).first().waitFor()
  await world.shot(b, 'read')
  await b.goto(node.url + '/desk/library')
  await b.getByRole('link', { name: 'qaydalar', exact: true }).waitFor()
  await fits(b, 'library')
  await axe(b, 'library')
  await world.shot(b, 'az')

  // Every reading is listed to the owner.
  await a.goto(node.url + at)
  const readings = a.getByRole('region', { name: 'Who of the other sides has read it' })
  await readings.getByText(sample.name(right, 'secretary')).waitFor()

  // At the table a chair opens it for all; the pages are turned for all, also at the console.
  const [c, d, e] = await Promise.all([world.page(browser), world.page(browser, { language: 'az' }), world.page(browser, { width: 1600, height: 1000 })])
  await enter(c, sample.link(left, 'head'))
  await enter(d, sample.link(right, 'head'), { words: 'Görüşə daxil olun' })
  await enter(e, sample.link(right, 'interpreter'))
  await atTable(c)
  await c.locator('header').getByRole('button', { name: 'Agenda' }).click()
  const item = c.locator('aside > .agenda > ol').first().locator('> li').first()
  assert.equal(await item.getByRole('button', { name: 'Open for all' }).count(), 0, 'a document of an item that is not taken up can be opened')
  await item.getByRole('button', { name: 'Take up' }).click()
  await item.getByRole('button', { name: 'Open for all' }).click()
  for (const page of [c, d, e]) await page.locator('section .leaf canvas').waitFor()
  await c.locator('main').getByRole('button', { name: 'Next page' }).click()
  await d.getByText(worded('Səhifə 2 / 3')).first().waitFor()
  await e.getByText(worded('Page 2 of 3')).first().waitFor()
  await d.locator('main').getByRole('button', { name: 'Növbəti səhifə' }).click() // the other chair has the same right
  await c.getByText(worded('Page 3 of 3')).first().waitFor()
  const screens = await e.locator('.screens .picture').evaluateAll((all) => all.map((one) => [one.clientWidth, one.clientHeight]))
  for (const [width, height] of screens) assert.ok(width >= 640 && height >= 360, `on the console ${width} by ${height}`)
  await until('drawn', () => e.locator('canvas').first().evaluate((x) => x.width > 100))
  for (const [name, page] of [['table-fa', c], ['table-az', d], ['console', e]]) {
    if (name === 'table-fa') { await page.evaluate(() => localStorage.setItem('language', 'fa')); await page.reload(); await page.getByRole('button', { name: 'ورود به نشست' }).click(); await page.locator('section .leaf canvas').waitFor() }
    await axe(page, name)
    await fits(page, name)
    await world.shot(page, name)
  }
  // A document that stands in a frame takes no keys from an interpreter who clicked on it.
  const ok = await a.evaluate(([at, consultation]) => fetch(at, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ consultation, all: true }) }).then((r) => r.ok),
    [first.replace('/desk', '/api/desk') + '/places', sample.consultation])
  assert.ok(ok, 'the page is before the consultation')
  await d.locator('header').getByRole('button', { name: 'Gündəlik' }).click()
  await d.locator('aside').getByRole('group', { name: 'qaydalar' }).getByRole('button', { name: 'Hamı üçün açın' }).click()
  await e.frameLocator('iframe').getByText('Sərhəd keçid qaydaları').click()
  await e.keyboard.press('KeyM')
  await e.getByRole('status').filter({ hasText: worded('On air: Azerbaijani') }).waitFor()
  await d.keyboard.press('Escape')

  await d.setViewportSize({ width: 390, height: 844 })
  await fits(d, 'the table on a telephone')
  await world.shot(d, 'table-telephone')

  // It outlives the node.
  await node.kill()
  await until('the end is noticed', async () => (await stats(d)).line !== 'open', 10_000)
  await node.start()
  await until('the line is back', async () => (await stats(d)).line === 'open', 15_000)
  await d.locator('section iframe').waitFor()

  for (const [language, page] of [['fa', a], ['az', b], ['ru', a], ['en', a]]) {
    await page.evaluate((l) => localStorage.setItem('language', l), language)
    for (const where of ['/desk/library', at]) {
      await page.goto(node.url + where)
      await page.locator('h1').waitFor()
      await page.setViewportSize({ width: 1280, height: 900 })
      await looked(world, page, `${where === at ? 'one' : 'list'}-${language}`)
    }
    await page.setViewportSize({ width: 1280, height: 900 })
  }
  for (const page of [a, b, c, d, e]) assert.deepEqual(page.problems.filter((p) => !/ERR_CONNECTION_REFUSED|WebSocket|Failed to load|net::ERR|document is sandboxed/.test(p)), [])
}
