// One consultation by two secretaries and two heads, in Persian and in Azerbaijani: from its agenda through the meeting, the minutes, what was
// undertaken and the public account, to the next consultation, which opens with what is overdue.
import { execFileSync } from 'node:child_process'
import path from 'node:path'
import { assert, atTable, axe, BIN, enter, fits, until } from '../lib.mjs'
import { authenticator, command, published, secretary, words } from '../libdesk.mjs'

const fa = words('fa')
const az = words('az')
const topic = { fa: 'گذر شبانهٔ کامیون‌ها', az: 'Yük maşınlarının gecə keçidi', en: 'Lorries at night', ru: 'Ночной проезд грузовиков' }
const decided = { fa: 'گذرگاه آستارا از اول دی شبانه‌روز باز است.', az: 'Astara keçidi 22 dekabrdan gecə-gündüz açıqdır.' }
const task = { fa: 'روشنایی محوطهٔ گذرگاه', az: 'Keçid meydanının işıqlandırılması', en: 'Lighting the yard of the crossing', ru: 'Освещение площадки пункта пропуска' }
const passage = { fa: 'دو طرف توافق کردند که گذرگاه آستارا شبانه‌روز باز باشد.', az: 'Tərəflər Astara keçidinin gecə-gündüz açıq olması barədə razılaşdı.' }

export const beside = true

export default async function (world) {
  const node = await world.node()
  const sample = world.sample(node, { openDoor: true })
  const [left, right] = sample.parties
  const desk = `${node.url}/desk/${sample.consultation}`
  const browser = await world.browser({ width: 320, height: 180, fps: 15 })
  const [a, b] = await Promise.all([secretary(world, browser, sample, left, 'fa'), secretary(world, browser, sample, right, 'az')])
  const heads = await Promise.all([world.page(browser, { language: 'fa' }), world.page(browser, { language: 'az' })])
  const press = (page, name, role = 'button') => page.getByRole(role, { name }).first().click()
  const visit = (page, name) => page.locator('main nav').first().getByRole('link', { name }).click()

  // The agenda: one side adds an item, the other agrees.
  await a.goto(desk)
  await visit(a, fa('term.agenda'))
  await press(a, fa('button.change'), 'link')
  await press(a, fa('agenda.add'))
  const item = a.locator('li[data-item]').last()
  for (const [tag, text] of Object.entries(topic)) await item.locator(`input[lang=${tag}]`).fill(text)
  await press(a, fa('joint.save'))
  await b.goto(desk)
  await press(b, az('consultation.agree'))
  await b.getByText(az('agreed.both')).first().waitFor()
  await visit(b, az('term.agenda'))
  await b.getByText(topic.az).waitFor()
  await fits(b, 'the agenda')
  await axe(b, 'the agenda')

  // The meeting: the item is taken up, a decision noted, the item done.
  for (const [n, say] of [fa, az].entries()) await enter(heads[n], sample.link([left, right][n], 'head'), { words: say('door.enter') })
  await Promise.all(heads.map((page) => page.locator('header').first().waitFor()))
  await heads[0].locator('header').getByRole('button', { name: fa('agenda.title') }).first().click()
  const taken = heads[0].locator('aside > .agenda > ol').first().locator('> li').filter({ hasText: topic.fa })
  await taken.getByRole('button', { name: fa('agenda.take') }).click()
  await heads[1].getByRole('region', { name: az('floor.course') }).getByText(topic.az).first().waitFor()
  await heads[0].getByRole('textbox', { name: fa('agenda.note') }).fill(decided.fa)
  await press(heads[0], fa('agenda.note-send'))
  await taken.getByRole('button', { name: fa('agenda.end') }).click()
  await b.getByText(decided.fa).waitFor() // beside its item, without a reload
  await world.shot(b, 'agenda-az')

  await minutes(world, { a, b, heads, visit, press })
  await undertaking(world, { a, b, desk, visit, press })
  await accounts(world, { a, b, node, consultation: sample.consultation, visit, press })

  // The next one opens with what is late.
  await a.goto(`${node.url}/desk/new`)
  await a.getByRole('link', { name: fa('follow.returns') }).first().waitFor()
  assert.equal(await a.locator('li[data-item] input[lang=az]').first().inputValue(), task.az)
  await axe(a, 'the next consultation')
  await world.shot(a, 'next-fa', { fullPage: true })

  const zip = path.join(world.dir, 'record.zip')
  world.admin('export', '--consultation', sample.consultation, zip)
  const proved = JSON.parse(execFileSync(BIN, ['verify', '--json', zip], { encoding: 'utf8' }))
  assert.equal(proved.minutes.filter((one) => one.stands).length, 2, JSON.stringify(proved.minutes))
  for (const page of [a, b, ...heads]) assert.deepEqual(page.problems.filter((p) => !/status of 401|WebSocket/.test(p)), [])
}

/** The decision becomes a paragraph in both languages, both sides agree, both heads sign where they sit. */
async function minutes(world, { a, b, heads, visit, press }) {
  await visit(a, fa('minutes.title'))
  await visit(b, az('minutes.title'))
  await press(a, fa('minutes.record'))
  await a.getByRole('dialog').getByRole('checkbox').waitFor()
  await a.getByRole('dialog').locator('button').last().click()
  await b.locator('article').getByText(decided.fa).waitFor()
  await press(b, az('button.edit'))
  await b.locator('form textarea[lang=az]').fill(decided.az)
  await press(b, az('button.save'))
  await b.locator('article').first().getByRole('button', { name: az('minutes.propose') }).click()
  await a.locator('article').first().getByRole('button', { name: fa('minutes.agree') }).click()
  await b.locator('article').first().getByRole('button', { name: az('minutes.decline') }).waitFor()
  await b.locator('article').first().getByRole('button', { name: az('minutes.agree') }).click()
  for (const [n, say] of [fa, az].entries()) {
    await heads[n].locator('header').getByRole('button', { name: say('minutes.title') }).click()
    await authenticator(heads[n])
    await heads[n].locator('aside').getByRole('button', { name: say('minutes.sign') }).click()
    await a.locator('.signed').nth(n).waitFor()
  }
  await world.shot(heads[1], 'signed-az')
}

/** An agreement with a day that has passed: proposed by one side, agreed and reported as obstructed by the other. */
async function undertaking(world, { a, b, desk, visit, press }) {
  await visit(a, fa('term.agreement-plural'))
  await press(a, fa('follow.new'), 'link')
  const form = a.locator('form')
  await press(a, fa('follow.add-milestone'))
  for (const [tag, text] of Object.entries(task)) {
    await form.locator('fieldset').first().locator(`input[lang=${tag}]`).fill(text)
    await form.locator(`.milestones input[lang=${tag}]`).fill(text)
  }
  const parts = form.locator('.milestones select')
  await parts.nth(0).selectOption({ index: 1 })
  await parts.nth(1).selectOption({ index: 1 })
  await parts.nth(2).selectOption({ index: 10 }) // last year
  await press(a, fa('follow.propose'))
  await a.waitForURL(/\/desk\/agreements\/.+\/.+/)

  await visit(b, az('pages.overview'))
  await b.locator('.far .due a').filter({ hasText: az('term.agreement-plural') }).click()
  await press(b, /işıqlandırılması/, 'link')
  await press(b, az('follow.agree'))
  await press(b, az('follow.report'))
  await b.getByRole('dialog').locator('select').first().selectOption('obstructed')
  await b.getByRole('dialog').getByRole('textbox').last().fill('Dirəklər gömrükdədir.')
  await b.getByRole('dialog').getByRole('button', { name: az('button.save') }).click()
  await b.getByText('Dirəklər gömrükdədir.').waitFor()
  await b.goto(`${desk}/agreements`)
  await b.locator('.late strong').waitFor()
  await axe(b, 'what was undertaken')
  await a.goto(desk)
  await a.locator('.far .due a').filter({ hasText: fa('term.agreement-plural') }).waitFor()
  await axe(a, 'the overview')
  await fits(a, 'the overview')
  await world.shot(a, 'overview-fa')
}

/** Each side's account, one passage for both, and one moment at which anybody can read them. */
async function accounts(world, { a, b, node, consultation, visit, press }) {
  for (const [page, say] of [[a, fa], [b, az]]) {
    await visit(page, say('readout.title'))
    await press(page, say('readout.begin'))
    await page.getByRole('textbox', { name: say('readout.paragraph') }).first().waitFor()
    await fill(page)
    await press(page, say('readout.save'))
    await page.getByText(say('readout.saved')).waitFor()
    await press(page, say('readout.shared'), 'link')
  }
  await press(a, fa('readout.put-title'))
  for (const tag of ['fa', 'az']) await a.getByRole('dialog').locator(`textarea[lang=${tag}]`).fill(passage[tag])
  await a.getByRole('dialog').getByRole('button', { name: fa('readout.put') }).click()
  await press(b, az('readout.agree'))
  for (const [page, say] of [[a, fa], [b, az]]) {
    await press(page, say('readout.insert'))
    await page.getByText(say('readout.unsaved')).waitFor()
  }

  // The lists of the screen have five minutes; a story has not. The other side stands where it is to be agreed.
  await press(b, az('readout.when'), 'link')
  const moment = new Date(Math.ceil(Date.now() / 1000) * 1000 + 12_000)
  assert.equal(await command(a, consultation, 'embargo.propose', { number: 1, at: moment.toISOString() }), 200)
  await press(b, az('readout.agree'))
  await b.getByText(az('readout.when-set')).waitFor()
  await press(b, az('readout.ours'), 'link')
  for (const [page, say] of [[a, fa], [b, az]]) await press(page, say('readout.ready'))
  await a.locator('.standing .ready').nth(1).or(a.getByRole('link', { name: fa('readout.open') })).first().waitFor()
  const text = await published(`${node.url}/readout/${consultation}/az`)
  assert.ok(Date.now() >= moment.getTime(), 'published before the moment')
  assert.equal(text.split('<article>').length, 3, 'both accounts')
  assert.equal(text.split('part alike').length, 3, 'the passage in both')
  await a.getByRole('link', { name: fa('readout.open') }).waitFor()
  await world.shot(a, 'published-fa')
}

/** What the record has in one language only is put into the other. */
async function fill(page) {
  for (const field of await page.locator('.writing textarea').all()) {
    if ((await field.inputValue()).trim() === '') await field.fill((await field.getAttribute('lang')) === 'fa' ? decided.fa : decided.az)
  }
}
