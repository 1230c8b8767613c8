// The door: a delegate waits in the lobby of the own side; only the own side's secretary sees and admits them.
import { assert, atTable, enter, until } from '../lib.mjs'

export const beside = true

export default async function (world) {
  const node = await world.node()
  const sample = world.sample(node)
  const [left, right] = sample.parties
  const browser = await world.browser({ width: 320, height: 180, fps: 15 })

  const secretary = await world.page(browser)
  await enter(secretary, sample.link(left, 'secretary'))
  await atTable(secretary)
  const other = await world.page(browser)
  await enter(other, sample.link(right, 'secretary'))
  await atTable(other)

  const delegate = await world.page(browser)
  await enter(delegate, sample.link(left, 'delegate'))
  await delegate.getByRole('heading', { name: 'Please wait a moment' }).waitFor()
  const refused = await world.page(browser)
  await enter(refused, sample.link(left, 'adviser'))
  await refused.getByRole('heading', { name: 'Please wait a moment' }).waitFor()

  await secretary.getByText('2 waiting').first().waitFor()
  assert.equal(await other.getByText('waiting').count(), 0, 'the other side sees who waits')
  await secretary.getByRole('heading', { name: 'Waiting at our door' }).waitFor() // the first to wait opens it
  await secretary.getByRole('button', { name: 'Admit', exact: true }).first().click()
  await secretary.getByRole('button', { name: 'Do not admit', exact: true }).first().click()
  const [inside, outside] = await until('one is in, one is out', async () => {
    const leave = [await delegate.getByRole('button', { name: /^Leave/ }).count(), await refused.getByRole('button', { name: /^Leave/ }).count()]
    const [p, q] = leave[0] ? [delegate, refused] : leave[1] ? [refused, delegate] : []
    return p && !(await q.getByRole('heading', { name: 'Please wait a moment' }).count()) && [p, q]
  })
  assert.equal(await outside.getByRole('button', { name: /^Leave/ }).count(), 0)
  const name = sample.name(left, inside === delegate ? 'delegate' : 'adviser')
  await other.getByText(name).first().waitFor()

  // The same link in another browser is refused, and can be moved there.
  const elsewhere = await world.page(browser)
  await elsewhere.goto(sample.link(left, 'secretary'))
  await elsewhere.getByRole('button', { name: 'Continue here' }).click()
  await elsewhere.getByRole('button', { name: 'Enter the meeting' }).waitFor()
  await secretary.getByRole('button', { name: 'Continue here' }).waitFor()
}
