import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { call, Refusal, refusalOf } from './session.ts'

let server: Server
let at = ''
let version = 1

beforeAll(async () => {
  server = createServer((request, response) => {
    if (request.url === '/empty') return void response.writeHead(204).end()
    if (request.url === '/page') return void response.writeHead(200).end('<html>')
    if (request.url === '/same') {
      const tag = `"${version}"`
      if (request.headers['if-none-match'] === tag) return void response.writeHead(304, { ETag: tag }).end()
      return void response.writeHead(200, { ETag: tag }).end(`{"version":${version},"list":[]}`)
    }
    if (request.url === '/refused') return void response.writeHead(409).end('{"code":"floor-held","args":{"name":"Əli"}}')
    request.setEncoding('utf8')
    let body = ''
    request.on('data', (part) => { body += part })
    request.on('end', () => response.end(JSON.stringify({ method: request.method, type: request.headers['content-type'], body })))
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  at = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => new Promise((closed) => server.close(closed)))

test('an answer', async () => {
  expect(await call('POST', at + '/echo', { a: 1 })).toEqual({ method: 'POST', type: 'application/json', body: '{"a":1}' })
  expect(await call('GET', at + '/echo')).toEqual({ method: 'GET', body: '' })
  expect(await call('DELETE', at + '/empty')).toBeUndefined()
})

test('an answer that is not new', async () => {
  const first = await call<{ version: number; list: number[] }>('GET', at + '/same')
  if (!(first instanceof Refusal)) first.list.push(1) // whatever is done with it
  expect(await call('GET', at + '/same')).toEqual({ version: 1, list: [] })
  version = 2
  expect(await call('GET', at + '/same')).toEqual({ version: 2, list: [] })
})

test('a refusal', async () => {
  expect(await call('PUT', at + '/refused', {})).toEqual(new Refusal('floor-held', { name: 'Əli' }, 409))
})

test('no server, or something that is not our server', async () => {
  expect(await call('GET', 'http://127.0.0.1:1/')).toEqual(new Refusal('network'))
  expect(await call('GET', at + '/page')).toEqual(new Refusal('network'))
  expect(await call('GET', at + '/echo', undefined, { signal: AbortSignal.abort() })).toEqual(new Refusal('network'))
})

const table: [number, string, Refusal][] = [
  [500, '{"code":"internal","id":"k3f9"}', new Refusal('internal', { id: 'k3f9' }, 500)],
  [429, '{"code":"too-many","args":{"seconds":30}}', new Refusal('too-many', { seconds: 30 }, 429)],
  [400, '{"code":"x","args":{"ok":1,"no":{},"list":[]}}', new Refusal('x', { ok: 1 }, 400)],
  [413, '<html>', new Refusal('too-large', {}, 413)],
  [502, '<html>', new Refusal('network', {}, 502)],
  [500, '[]', new Refusal('unknown', {}, 500)],
  [401, '', new Refusal('not-signed-in', {}, 401)],
]
test.each(table)('%d %s', (status, text, want) => expect(refusalOf(status, text)).toEqual(want))
