// What helps those who listen and those who interpret: captions typed by a person, a sign-language interpreter's picture in a place of its own, a
// call for help and its answer, and the check of each microphone, pass or fail, which the record keeps.
import fs from 'node:fs'
import path from 'node:path'
import { assert, atDesk, atTable, axe, enter, figure, fits, until, worded } from '../lib.mjs'

export default async function (world) {
  const node = await world.node()
  const sample = world.sample(node, { openDoor: true })
  const [left, right] = sample.parties
  const small = { width: 320, height: 180, fps: 15 }
  const clear = await world.browser({ ...small, hue: 2, text: 'This is a voice with all that belongs to a voice, said slowly and clearly, so that it can be checked.' })
  const dull = await world.browser({ ...small, hue: 4, hz: 440 })
  await atDesk(world, clear, sample, left, [['member.change', { person: { id: 'adviser', name: 'لاله رستگار', role: 'sign-interpreter', language: 'fa' } }]])
  await atDesk(world, clear, sample, right, [['member.change', { person: { id: 'observer', name: 'Aygün Quliyeva', role: 'captioner', language: 'az' } }]])

  const seat = async (browser, party, role, size) => {
    const page = await world.page(browser, size)
    await enter(page, sample.link(party, role))
    return page
  }
  const reader = await seat(clear, right, 'delegate')
  await atTable(reader)
  const signer = await seat(dull, left, 'adviser')
  await atTable(signer)
  const writer = await seat(clear, right, 'observer')
  await atTable(writer)

  // The sign-language interpreter's picture has a place of its own, and keeps it.
  const sign = reader.getByRole('region', { name: 'Sign-language interpreter' })
  await sign.waitFor()
  await until('hands are seen', async () => await figure(reader, `${left}/adviser`, 'camera', 'framesDecoded') > 5)
  const place = await sign.boundingBox()
  const technician = await seat(dull, right, 'technician')
  await atTable(technician)
  await until('it keeps its place', async () => JSON.stringify(await sign.boundingBox()) === JSON.stringify(place))

  // Captions, for those who read that language.
  const say = async (language, text) => {
    await writer.getByLabel('Language of the captions').selectOption(language)
    await writer.getByLabel('What is being said').fill(text)
    await writer.getByLabel('What is being said').press('Enter')
  }
  await say('az', 'Dəmir yolunun tikintisi vaxtında başa çatacaq.')
  await reader.locator('.captions').getByText('Dəmir yolunun tikintisi vaxtında başa çatacaq.').waitFor()
  await say('fa', 'ساخت راه‌آهن به‌موقع به پایان می‌رسد.')
  await writer.locator('.captions').getByText('ساخت راه‌آهن به‌موقع به پایان می‌رسد.').waitFor()
  assert.equal(await reader.locator('.captions').getByText('ساخت راه‌آهن').count(), 0, 'captions of another language')
  await axe(reader, 'captions and sign language')
  await axe(writer, 'the captioner')

  // A call for help reaches the own technician, and the interpreter reads who comes.
  const interpreter = await seat(dull, right, 'interpreter', { width: 1400, height: 1000 })
  await interpreter.locator('.console').waitFor()
  await interpreter.keyboard.press('KeyH')
  await technician.getByText(worded(`${sample.name(right, 'interpreter')} in the booth calls for help.`)).waitFor()
  assert.equal(await signer.getByText(/calls for help/).count(), 0, 'the other side knows of the call')
  await axe(technician, 'a call for help')
  await world.shot(technician, 'help')
  await technician.getByRole('button', { name: 'I am coming' }).click()
  await interpreter.getByRole('button', { name: /^Call for help/ }).getByText(sample.name(right, 'technician')).waitFor()
  await technician.getByText(/calls for help/).waitFor({ state: 'detached' })

  // The checks: a voice passes, a tone is no voice that one can interpret from.
  const people = async () => {
    await technician.getByRole('button', { name: /^People/ }).first().click()
    return technician.getByRole('complementary').innerText()
  }
  await until('both checks are done', async () => { const all = await people(); return all.includes('sound checked') && all.includes('sound check failed: telephone sound') }, 30_000)
    .catch(async (e) => { throw new Error(`${e.message}: ${await people()}`) })
  const file = path.join(world.dir, 'record.zip')
  await node.stop()
  world.admin('export', '--consultation', sample.consultation, file)
  const kept = fs.readFileSync(file, 'utf8')
  for (const result of ['passed', 'narrow']) assert.match(kept, new RegExp(`"result":"${result}"`), `the record does not keep ${result}`)
  await node.start()

  for (const language of ['fa', 'az']) {
    const page = language === 'fa' ? signer : reader
    await page.evaluate((l) => localStorage.setItem('language', l), language)
    await page.reload()
    await page.locator('.enter button').click()
    await page.getByRole('contentinfo').waitFor()
    await until('the writer is back', async () => (await writer.evaluate(() => window.astara.stats())).line === 'open')
    await say(language, language === 'fa' ? 'ساخت راه‌آهن به‌موقع به پایان می‌رسد.' : 'Dəmir yolunun tikintisi vaxtında başa çatacaq.')
    await page.locator('.captions').waitFor()
    await until('pictures', async () => Object.values((await page.evaluate(() => window.astara.stats())).members).some((m) => m.camera?.framesDecoded > 3))
    await world.shot(page, language)
    await fits(page, language)
    await page.setViewportSize({ width: 390, height: 844 })
    await say(language, language === 'fa' ? 'هر دو طرف با برنامهٔ زمانی موافق‌اند.' : 'Hər iki tərəf cədvəllə razıdır.')
    await page.locator('.captions p').nth(1).waitFor()
    await world.shot(page, `${language}-telephone`)
    await fits(page, `${language} on a telephone`)
  }
  for (const page of [reader, signer, writer, technician, interpreter]) assert.deepEqual(page.problems.filter((p) => !/ERR_CONNECTION_REFUSED|WebSocket|Failed to load/.test(p)), [])
}
