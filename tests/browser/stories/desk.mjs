// Two secretaries: one signs in by link and passkey, calls a consultation, the other side agrees; a person is invited and enters.
import { assert, atTable, axe, fits, worded } from '../lib.mjs'

export const beside = true

export default async function (world) {
  const node = await world.node()
  const sample = world.sample(node)
  const [left, right] = sample.parties
  const browser = await world.browser({ width: 320, height: 180, fps: 15 })

  const a = await world.page(browser)
  const cdp = await a.context().newCDPSession(a)
  await cdp.send('WebAuthn.enable')
  await cdp.send('WebAuthn.addVirtualAuthenticator', { options: { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true } })
  await a.goto(sample.link(left, 'secretary-sign-in'))
  await a.getByRole('button', { name: 'Add a passkey' }).click()
  await a.getByRole('heading', { name: 'Consultations' }).waitFor()
  await axe(a, 'desk')
  await a.getByRole('button', { name: 'Sign out' }).click()
  await a.goto(node.url + '/signin')
  await a.getByRole('button', { name: 'Sign in with a passkey' }).click()
  await a.getByRole('heading', { name: 'Consultations' }).waitFor()

  // The link that was used works no more.
  const again = await world.page(browser)
  await again.goto(sample.link(left, 'secretary-sign-in'))
  await again.getByText(/has been used already/).waitFor()
  await again.context().close()

  await a.getByRole('link', { name: 'Call a consultation' }).or(a.getByRole('button', { name: 'Call a consultation' })).first().click()
  await axe(a, 'new consultation')
  await fits(a, 'new consultation')
  const title = 'Joint commission on customs'
  await a.getByRole('group', { name: 'Sides' }).getByRole('checkbox').last().check()
  for (const field of await a.getByRole('textbox', { name: /^Subject/ }).all()) await field.fill(title)
  await a.getByRole('button', { name: 'Call the consultation' }).click()
  await a.getByRole('heading', { name: title }).first().waitFor()
  const page = a.url()

  const b = await world.page(browser)
  await b.goto(sample.link(right, 'secretary-sign-in'))
  await b.getByRole('button', { name: 'Later' }).click()
  await b.getByRole('link', { name: new RegExp(title) }).first().click()
  await b.getByRole('button', { name: 'Agree', exact: true }).click()
  await b.getByText('Agreed by both sides').first().waitFor()
  await a.getByText('Agreed by both sides').first().waitFor()
  await axe(b, 'consultation of the other side')

  // She finds the sample's title by another spelling of it, with the words marked in the title itself.
  await b.goto(node.url + '/desk')
  const box = b.getByRole('searchbox', { name: 'Search' })
  await box.fill('ДӘМИР йолу решт')
  await b.locator('mark', { hasText: 'dəmir yolu' }).waitFor()
  assert.deepEqual(await b.locator('search li').first().locator('mark').allTextContents(), ['Rəşt', 'dəmir yolu'])
  await axe(b, 'found')
  await fits(b, 'found')
  for (const language of ['az', 'fa']) {
    await b.locator(`.languages button[lang=${language}]`).first().click()
    await b.getByRole('searchbox').fill(language === 'fa' ? 'راه آهن' : 'demir yolu')
    await b.locator('[role=status]').filter({ hasText: /\p{Nd}/u }).first().waitFor()
    await axe(b, `found in ${language}`)
    await world.shot(b, `found-${language}`)
  }
  await b.getByRole('searchbox').fill('nowhere at all')
  await b.getByText('چیزی یافت نشد').waitFor()
  await b.locator('.languages button[lang=en]').first().click()
  await b.getByRole('searchbox').fill('customs')
  await b.locator('search').getByRole('link', { name: title }).first().click()
  await b.getByRole('heading', { name: title }).first().waitFor()

  // She proposes a term; the other side agrees to it; a search then finds by either name.
  await b.goto(node.url + '/desk/glossary')
  await b.getByRole('button', { name: 'Add the first term' }).click()
  await b.getByRole('textbox', { name: worded('Names in English') }).fill('customs')
  await b.getByRole('textbox', { name: worded('Names in Azerbaijani') }).fill('gömrük\ngömrükxana')
  await b.getByRole('combobox', { name: 'Area' }).selectOption('customs')
  await axe(b, 'term form')
  await b.reload()
  await b.getByText('There are changes that are not saved.').waitFor()
  assert.equal(await b.getByRole('textbox', { name: worded('Names in Azerbaijani') }).inputValue(), 'gömrük\ngömrükxana', 'a reload loses a term that was typed')
  await b.getByRole('button', { name: 'Save', exact: true }).click()
  await b.getByText(/^Proposed by/).waitFor()
  await a.goto(node.url + '/desk/glossary')
  await a.locator('.proposed').getByRole('button', { name: 'Agree', exact: true }).first().click()
  await a.getByRole('dialog').getByRole('button', { name: 'Agree', exact: true }).click()
  await a.locator('.state', { hasText: 'Agreed by both sides' }).waitFor()
  await axe(a, 'glossary')
  await fits(a, 'glossary')
  await a.getByRole('button', { name: 'Files' }).click()
  await a.locator('input[type=file]').setInputFiles({ name: 'terms.csv', mimeType: 'text/csv', buffer: Buffer.from('fa,az\nمرز,sərhəd\n=1+1,x\n') })
  await a.getByRole('button', { name: 'Check the file' }).click()
  await a.getByText('holds a formula').waitFor()
  await axe(a, 'import of terms')
  await a.getByRole('button', { name: 'Take in the others' }).click()
  await a.getByText('The file was taken in.').waitFor()
  await a.locator('dd', { hasText: 'sərhəd' }).waitFor()
  await a.goto(node.url + '/desk')
  await a.getByRole('searchbox').fill('Gömrükxana')
  await a.locator('search li', { hasText: 'By the glossary' }).locator('mark', { hasText: 'customs' }).first().waitFor()
  await axe(a, 'found by the glossary')

  // The pages of a consultation have addresses of their own.
  await a.goto(page)
  await a.getByRole('navigation', { name: 'Pages of this consultation' }).getByRole('link', { name: 'People' }).click()
  await a.waitForURL(page + '/people')
  await a.reload()
  await a.getByRole('button', { name: 'Invite a person' }).click()
  await a.getByRole('dialog').getByRole('textbox').first().fill('Nərgiz Əliyeva')
  await a.getByRole('button', { name: 'Invite and issue the link' }).click()
  const link = await a.getByRole('textbox', { name: 'Personal link' }).inputValue()
  await axe(a, 'link dialog')
  assert.match(link, /\/join#/)

  await a.keyboard.press('Escape')
  const guest = await world.page(browser)
  await guest.goto(link)
  await guest.getByRole('button', { name: 'Enter the meeting' }).click()
  await guest.getByRole('heading', { name: 'Please wait a moment' }).waitFor()
  await a.getByText(/Opened on/).first().waitFor()
  await a.getByRole('button', { name: /^Admit/ }).first().click()
  await atTable(guest)

  assert.equal(await b.getByRole('button', { name: /Withdraw|Remove/ }).count(), 0, 'the other side has controls for our people')

  // Our side's key is replaced with the passkey; who has none is told so, and can add one.
  await b.goto(page + '/record')
  await b.getByRole('button', { name: 'Replace our key' }).click()
  await b.getByText('You have no passkey yet, and only a passkey').waitFor()
  await axe(b, 'no passkey')
  assert.equal(await b.getByRole('button', { name: 'Confirm with a passkey' }).count(), 0)
  await a.goto(page + '/record')
  await a.getByRole('button', { name: 'Replace our key' }).click()
  await a.getByRole('button', { name: 'Confirm with a passkey' }).click()
  await a.getByText('Please write something first.').waitFor()
  await a.getByRole('textbox', { name: /Reason/ }).fill('A laptop was lost')
  await axe(a, 'another key')
  await a.getByRole('button', { name: 'Confirm with a passkey' }).click()
  await a.getByText('Our side now signs with another key').waitFor()

  assert.deepEqual(a.problems.filter((p) => !/status of 401/.test(p)), []) // asked whether she is signed in, and she was not
}
