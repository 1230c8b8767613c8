// The screens before a meeting and of the desk, in every language at four sizes: nothing cut, no accessibility fault, and a picture to look at.
import { axe, lookEverywhere } from '../lib.mjs'

export const beside = true

export default async function (world) {
  const node = await world.node()
  const sample = world.sample(node)
  const [left] = sample.parties
  const browser = await world.browser({ width: 320, height: 180, fps: 15, hue: 2 })

  const start = await world.page(browser)
  await start.goto(node.url)
  await start.getByRole('heading').first().waitFor()
  await lookEverywhere(world, start, '01-start')
  await start.goto(node.url + '/nowhere')
  await start.getByRole('heading').first().waitFor()
  await lookEverywhere(world, start, '02-not-found')
  await start.goto(node.url + '/join#forged')
  await start.getByRole('button').last().waitFor()
  await lookEverywhere(world, start, '03-link-refused')
  await start.goto(node.url + '/signin')
  await start.getByRole('button', { name: 'Sign in with a passkey' }).waitFor()
  await lookEverywhere(world, start, '04-sign-in')
  await start.context().close()

  const desk = await world.page(browser)
  await desk.goto(sample.link(left, 'secretary-sign-in'))
  await desk.getByRole('button', { name: 'Later' }).waitFor()
  await lookEverywhere(world, desk, '05-welcome')
  await desk.getByRole('button', { name: 'Later' }).click()
  await desk.getByRole('heading', { name: 'Consultations' }).waitFor()
  await lookEverywhere(world, desk, '06-desk')
  await desk.getByRole('link', { name: /railway/ }).first().click()
  await desk.getByRole('heading', { name: 'How far it is' }).waitFor()
  await lookEverywhere(world, desk, '07-consultation')
  await desk.getByRole('link', { name: 'People' }).first().click()
  await desk.getByRole('button', { name: 'Invite a person' }).waitFor()
  await axe(desk, 'people')
  await desk.getByRole('link', { name: 'Agenda', exact: true }).click()
  await desk.getByRole('link', { name: 'Change', exact: true }).click()
  await desk.getByRole('button', { name: 'Save and propose' }).waitFor()
  await lookEverywhere(world, desk, '08-change')
  await desk.context().close()
}
