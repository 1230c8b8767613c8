// What stories at the desk share: the words of the screens in each language, secretaries who signed in, passkeys, commands.
import fs from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { assert, until } from './lib.mjs'

const texts = path.join(path.dirname(fileURLToPath(import.meta.url)), '../../web/src/text')

/** The words of the screens in a language by their keys, as a pattern: arguments and marks of direction may be anything. */
export function words(language) {
  const all = new Map()
  for (const file of fs.readdirSync(path.join(texts, language))) {
    for (const [, key, text] of fs.readFileSync(path.join(texts, language, file), 'utf8').matchAll(/^ {2}'([a-z.-]+)': (?:'((?:[^'\\]|\\.)*)'|\{)/gm)) {
      if (text !== undefined) all.set(key, text)
    }
  }
  return (key, { start = false } = {}) => {
    const text = all.get(key)
    if (text === undefined) throw new Error(`no words ${key} in ${language}`)
    const pattern = text.replace(/\\'/g, "'").split(/\{[a-z]+\}/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('.*')
    return new RegExp(`^${pattern}${start ? '' : '$'}`)
  }
}

/** A secretary of the sample at her desk, who has put off the passkey. */
export async function secretary(world, browser, sample, party, language) {
  const page = await world.page(browser, { language })
  await page.goto(sample.link(party, 'secretary-sign-in'))
  await page.getByRole('button', { name: words(language)('signin.later') }).click()
  await page.waitForURL(/\/desk$/)
  return page
}

/** A device of the page's own, which makes passkeys and uses them without being asked. */
export async function authenticator(page) {
  const cdp = await page.context().newCDPSession(page)
  await cdp.send('WebAuthn.enable')
  await cdp.send('WebAuthn.addVirtualAuthenticator', { options: { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true } })
}

async function post(page, to, what) {
  return page.evaluate(async ([at, sent]) => {
    const r = await fetch(at, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(sent) })
    return { status: r.status, body: await r.json() }
  }, [to, what])
}

/** A command of a secretary on an agreement, given by her own page. */
export async function does(page, consultation, type, body) {
  const answer = await post(page, `/api/desk/consultations/${consultation}/agreements`, { type, body })
  assert.equal(answer.status, 200, JSON.stringify(answer.body))
  return answer.body.list[0]
}

/** A command of a secretary on the consultation; its status. */
export async function command(page, consultation, type, body) {
  return (await post(page, `/api/desk/consultations/${consultation}/commands`, { type, body })).status
}

/** Both accounts in the page of a language, as anybody gets it. */
export async function published(url) {
  return until('the accounts appear', async () => {
    const answer = await fetch(url)
    return answer.ok ? answer.text() : undefined
  }, 60_000)
}

/** A text file goes into the library of the page's side. */
export async function bring(page, name, text, title) {
  const status = await page.evaluate(async ([file, body, words]) => {
    const bytes = new TextEncoder().encode(body)
    const meta = btoa(String.fromCharCode(...new TextEncoder().encode(file)))
    const begun = await fetch('/api/desk/uploads/', { method: 'POST', headers: { 'Tus-Resumable': '1.0.0', 'Upload-Length': String(bytes.length), 'Upload-Metadata': `filename ${meta}` } })
    const at = begun.headers.get('Location')
    await fetch(at, { method: 'PATCH', headers: { 'Tus-Resumable': '1.0.0', 'Upload-Offset': '0', 'Content-Type': 'application/offset+octet-stream' }, body: bytes })
    const put = await fetch('/api/desk/library', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ upload: at.split('/').pop(), facts: { title: words, about: {} }, readers: [] }) })
    return put.status
  }, [name, text, title])
  assert.equal(status, 200, name)
}
