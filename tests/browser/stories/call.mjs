// Leader to leader: one action at the desk, it rings at the other side's, who answer later, accept or decline.
import { assert, axe, inLanguage, looked, signIn, until } from '../lib.mjs'

export const beside = true

export default async function (world) {
  const node = await world.node()
  const sample = world.sample(node)
  const [left, right] = sample.parties
  const browser = await world.browser()
  const a = await world.page(browser)
  const b = await world.page(browser)
  await b.addInitScript(() => { // a computer whose clock is an hour fast
    const Real = Date
    globalThis.Date = class extends Real {
      constructor(...when) { super(...(when.length ? when : [Real.now() + 3_600_000])) }
      static now() { return Real.now() + 3_600_000 }
    }
  })
  await signIn(a, sample, left)
  await signIn(b, sample, right)
  for (const page of [a, b]) {
    await page.getByRole('button', { name: 'Later' }).click()
    await page.getByRole('heading', { name: 'Leader to leader' }).waitFor()
  }

  const make = () => a.getByRole('button', { name: /^Call .*Ministry of Transport and Trade/ }).click()
  await make()
  await a.waitForURL(/\/desk\/[a-z0-9]{8,}/)
  const first = a.url()
  await b.getByText(/calls: leader to leader/).waitFor()
  await axe(b, 'a call that rings')
  await b.getByRole('button', { name: 'Answer later' }).click()
  await b.getByText(/calls: leader to leader/).waitFor({ state: 'detached' })
  await a.getByText(/has heard the call and will answer later/).waitFor()
  await b.goto(first)
  await b.getByRole('button', { name: 'Agree' }).click()
  await a.getByText(/has heard the call and will answer later/).waitFor({ state: 'detached' })
  assert.equal(await a.getByText(/calls: leader to leader/).count(), 0, 'it rings at the caller')

  await a.goto(node.url + '/desk')
  await make()
  await a.waitForURL((url) => url.href !== first && /\/desk\/[a-z0-9]{8,}/.test(url.href))
  await b.goto(node.url + '/desk/glossary') // wherever one is at the desk
  await b.locator('.ringing').waitFor()
  await axe(b, 'a call that rings over another page')
  await b.goto(node.url + '/desk')
  await b.getByRole('button', { name: 'Decline' }).waitFor()
  for (const language of ['fa', 'az']) {
    await inLanguage(b, language)
    await b.locator('.ringing').waitFor()
    await looked(world, b, language, { telephone: false })
  }
  await b.locator('.ringing').getByRole('button', { name: 'İmtina edin' }).click()
  await b.locator('.ringing').waitFor({ state: 'detached' })
  await until('the caller reads that it was declined', () => a.getByText(/Cancelled/i).first().isVisible())
  for (const page of [a, b]) assert.deepEqual(page.problems, [])
}
