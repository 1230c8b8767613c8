// The ceremony: secretaries meet in the line room, principals wait apart, the other side sees only "ready", and on the go both appear to each
// other within 200 ms. At the end both leave and the line room stays.
import { appearing, assert, axe, ceremony, inLanguage, looked, stats, until } from '../lib.mjs'
import { authenticator, words } from '../libdesk.mjs'

const say = words('en')

export default async function (world) {
  const { node, sample, pages: { a, c, s, z } } = await ceremony(world)
  const [left, right] = sample.parties
  const who = { a: `${left}/head`, c: `${right}/head`, s: `${left}/secretary`, z: `${right}/secretary` }
  const sees = async (page, member) => ((await stats(page)).members[member]?.camera?.framesDecoded ?? 0) > 3
  await until('the line room sees itself and its own principals', async () => await sees(s, who.z) && await sees(z, who.s) && await sees(s, who.a) && await sees(z, who.c))
  await a.getByText('only your side sees and hears you').waitFor()
  for (const [page, other, name] of [[s, who.c, sample.name(right, 'head')], [z, who.a, sample.name(left, 'head')], [a, who.c, sample.name(right, 'head')], [c, who.a, sample.name(left, 'head')]]) {
    assert.equal((await stats(page)).members[other], undefined, `${other} is seated before the go`)
    assert.ok(!(await page.content()).includes(name), `${name} is known before the go`)
  }

  await axe(z, 'the line room')
  assert.equal(await s.getByRole('button', { name: /^Begin/ }).count(), 0, 'the go before anybody is ready')

  // The node falls while one side is ready: it is ready still, and the principals are as far from each other.
  const knownNowhere = async (when) => {
    for (const [page, name] of [[s, sample.name(right, 'head')], [z, sample.name(left, 'head')]]) assert.ok(!(await page.content()).includes(name), `${name} is known ${when}`)
  }
  const falls = async () => {
    await node.kill()
    await until('the end is noticed', async () => (await stats(a)).line !== 'open', 10_000)
    await node.start()
    await until('lines are back', async () => (await Promise.all([a, c, s, z].map(stats))).every(({ line }) => line === 'open'), 20_000)
  }
  await z.getByRole('button', { name: /^Report/ }).click()
  await s.locator('.ceremony li.ready').waitFor()
  await falls()
  await until('the own principal is seen again', async () => await sees(s, who.a) && await sees(z, who.c))
  assert.equal(await s.locator('.ceremony li.ready').count(), 1, 'sides that are ready after the fall')
  for (const [page, other] of [[s, who.c], [z, who.a], [a, who.c], [c, who.a]]) assert.equal((await stats(page)).members[other], undefined, `${other} is seated after the fall`)
  await knownNowhere('after the fall')
  await z.getByRole('button', { name: 'Not ready after all' }).click()
  await s.locator('.ceremony li.ready').waitFor({ state: 'detached' })

  const { after, apart, timeline } = await appearing({ sample, a, c, s, z })
  console.log(`      appeared ${after.join(' and ')} ms after the go, ${apart} ms apart; ${timeline}`)
  // The figure above is to be 200 at most, and is measured in `together`; a machine with other work shows frames later than that, and is no fault of ours.
  assert.ok(apart < 8000, `${apart} ms apart`) // as long as the curtain hangs at the most
  await until('the others see both', async () => await sees(s, who.c) && await sees(z, who.a))

  // The node falls: together they stay.
  await falls()
  await until('and see each other again', async () => await sees(a, who.c) && await sees(c, who.a), 20_000)

  await z.getByRole('button', { name: 'End for both principals' }).click()
  await z.getByRole('button', { name: 'End now: both leave' }).click()
  for (const page of [a, c]) await page.getByText('The meeting of the principals has ended.').waitFor()
  await until('nobody of the line room has the other principal in view', () => knownNowhere('after the end').then(() => true, () => false))
  // What was written of it is theirs to read and to sign, wherever they are.
  await s.locator('header').getByRole('button', { name: 'Minutes' }).click()
  await z.locator('header').getByRole('button', { name: 'Minutes' }).click()
  await s.getByRole('button', { name: say('minutes.write') }).click()
  for (const field of await s.locator('aside form textarea').all()) await field.fill((await field.getAttribute('lang')) === 'fa' ? 'دو طرف کمیسیون را فرامی‌خوانند.' : 'Tərəflər komissiyanı çağırır.')
  await s.getByRole('button', { name: say('button.save') }).click()
  for (const page of [s, z]) await page.locator('aside article').getByRole('button', { name: say('minutes.agree') }).click()
  for (const page of [a, c]) {
    await authenticator(page)
    await page.goto(`${page.url()}/minutes`)
    await page.getByRole('button', { name: say('minutes.sign') }).click()
    await page.locator('.signed').first().waitFor()
    assert.equal(await page.getByText('You have not been admitted yet').count(), 0)
  }
  await c.locator('.signed').nth(1).waitFor()
  const stays = (await stats(s)).members[who.z].camera.framesDecoded
  await until('the line room stays', async () => ((await stats(s)).members[who.z]?.camera?.framesDecoded ?? 0) > stays)

  for (const [language, page] of [['fa', a], ['az', z]]) {
    await page.goto(page === a ? sample.link(left, 'head') : sample.link(right, 'secretary'))
    await inLanguage(page, language, { enters: true })
    await page.locator('.ceremony').waitFor()
    await until('pictures', async () => Object.values((await stats(page)).members).some((m) => m.camera?.framesDecoded > 3))
    await looked(world, page, language)
  }
  for (const page of [a, c, s, z]) assert.deepEqual(page.problems.filter((p) => !/ERR_CONNECTION_REFUSED|WebSocket|Failed to load/.test(p)), [])
}
