import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Meeting } from '../protocol.ts'
import { Refusal } from '../state/session.ts'
import { Signalling, type LineState, type Socket } from './signalling.ts'

type Said = { type: string; id?: number; body: Record<string, unknown> }

class FakeSocket implements Socket {
  readyState = 0
  said: Said[] = []
  private hears = new Map<string, ((event: { data: unknown }) => void)[]>()
  addEventListener(type: string, hear: (event: { data: unknown }) => void) { this.hears.set(type, [...this.hears.get(type) ?? [], hear]) }
  send(text: string) { this.said.push(JSON.parse(text) as Said) }
  close() { this.readyState = 3 }
  fire(type: string, data?: unknown) { for (const hear of this.hears.get(type) ?? []) hear({ data }) }
  open() { this.readyState = 1; this.fire('open') }
  break() { this.readyState = 3; this.fire('close') }
  tell(type: string, body: unknown, id?: number) { this.fire('message', JSON.stringify({ type, id, body })) }
}

let sockets: FakeSocket[] = []
const last = () => sockets.at(-1)!
const states: LineState[] = []
const aborter = { end: new AbortController() }
let why: Refusal | undefined

function line(sparing = false) {
  const made = new Signalling({ url: 'ws://x', sparing, open: () => { const s = new FakeSocket(); sockets.push(s); return s }, why: async () => why, random: () => 0.5 })
  made.news.listen('state', (state) => states.push(state), aborter.end.signal)
  made.run(aborter.end.signal)
  return made
}
const welcome = (seq = 5) => last().tell('welcome', { you: 'a/b', epoch: 'e1', seq, now: '2026-11-23T10:00:00Z', snapshot: {} as Meeting })

beforeEach(() => { vi.useFakeTimers(); sockets = []; states.length = 0; aborter.end = new AbortController(); why = undefined })
afterEach(() => { aborter.end.abort(); vi.useRealTimers() })

test('says hello, and on coming back what it saw last', async () => {
  const l = line()
  last().open()
  expect(last().said).toEqual([{ type: 'hello', body: { version: 1, page: expect.any(String) } }])
  welcome(5)
  expect(l.state).toBe('open')
  last().tell('event', { event: { seq: 9 } })
  last().break()
  expect(l.state).toBe('restoring')
  await vi.advanceTimersByTimeAsync(1)
  expect(sockets.length).toBe(2)
  last().open()
  expect(last().said[0]).toEqual({ type: 'hello', body: { version: 1, page: expect.any(String), epoch: 'e1', seq: 9 } })
  welcome(12)
  expect(states).toEqual(['open', 'restoring', 'open'])
})

test('a silent line is doubted after 1 s, dead after 2.5 s and opened at once', async () => {
  line()
  const first = last()
  first.open()
  welcome()
  await vi.advanceTimersByTimeAsync(1_000)
  expect(first.said.filter((m) => m.type === 'ping').length).toBe(2)
  first.tell('pong', { n: 2 })
  await vi.advanceTimersByTimeAsync(1_000)
  expect(sockets.length).toBe(1)
  await vi.advanceTimersByTimeAsync(510)
  expect(sockets.length).toBe(2) // beside the first
  expect(first.readyState).toBe(1)
  await vi.advanceTimersByTimeAsync(1_500)
  expect(first.readyState).toBe(3)
  expect(sockets[1]!.readyState).toBe(3)
  expect(sockets.length).toBe(3)
})

test('a second socket takes over from a line that leads nowhere', async () => {
  const l = line()
  const first = last()
  first.open()
  welcome(5)
  l.doubt()
  l.doubt()
  expect(sockets.length).toBe(2)
  last().open()
  expect(first.readyState).toBe(3)
  expect(last().said[0]).toEqual({ type: 'hello', body: { version: 1, page: expect.any(String), epoch: 'e1', seq: 5 } })
  welcome(7)
  expect(states).toEqual(['open', 'restoring', 'open'])
  first.break() // its end is no news
  await vi.advanceTimersByTimeAsync(400)
  expect(sockets.length).toBe(2)
})

test('a second socket is let go when the line lives after all', () => {
  const l = line()
  const first = last()
  first.open()
  welcome(5)
  l.doubt()
  first.tell('pong', { n: 1 })
  expect(last().readyState).toBe(3)
  last().fire('open')
  expect(last().said).toEqual([])
  expect(states).toEqual(['open'])
  expect(first.readyState).toBe(1)
})

test('tries for ever, and never waits longer than 2 s', async () => {
  line()
  last().open()
  welcome()
  last().break()
  await vi.advanceTimersByTimeAsync(1)
  let longest = 0
  for (let n = 0; n < 30; n++) {
    const before = sockets.length
    last().break()
    let waited = 0
    while (sockets.length === before) { await vi.advanceTimersByTimeAsync(100); waited += 100 }
    longest = Math.max(longest, waited)
  }
  expect(longest).toBeGreaterThan(1_000)
  expect(longest).toBeLessThan(2_000)
})

test('an attempt that hangs is given up', async () => {
  line()
  await vi.advanceTimersByTimeAsync(4_100)
  expect(sockets.length).toBe(2)
})

test('a line that somebody watches is tried seldom, and at once when it is there again', async () => {
  const l = line()
  last().open()
  welcome()
  last().break()
  l.watch(true)
  await vi.advanceTimersByTimeAsync(1)
  last().break()
  await vi.advanceTimersByTimeAsync(1_000)
  const tried = sockets.length
  await vi.advanceTimersByTimeAsync(10_000)
  expect(sockets.length).toBe(tried)
  const hanging = last()
  l.hurry()
  expect(sockets.length).toBe(tried + 1)
  expect(hanging.readyState).toBe(3)
  l.hurry() // this one is on its way
  expect(sockets.length).toBe(tried + 1)
  last().open()
  l.hurry() // and this one has come through
  expect(sockets.length).toBe(tried + 1)
})

test('where sockets in vain make the next one wait, none hangs while somebody watches', async () => {
  const l = line(true)
  last().open()
  welcome()
  last().break()
  await vi.advanceTimersByTimeAsync(1)
  const hanging = last()
  l.watch(true)
  expect(hanging.readyState).toBe(3)
  const tried = sockets.length
  await vi.advanceTimersByTimeAsync(14_000)
  expect(sockets.length).toBe(tried)
  await vi.advanceTimersByTimeAsync(6_000) // now and then all the same, not for long
  expect(sockets.length).toBe(tried + 1)
  expect(last().readyState).toBe(3)
  l.reached()
  expect(sockets.length).toBe(tried + 2)
  last().break() // it was reached, and again is not: as ever
  await vi.advanceTimersByTimeAsync(500)
  expect(sockets.length).toBe(tried + 3)
})

test('answers find their question, refusals are values, and a cut answers what was open', async () => {
  const l = line()
  last().open()
  welcome()
  const first = l.ask('enter', {})
  const second = l.ask('microphone.set', { on: true })
  await vi.advanceTimersByTimeAsync(0)
  const [a, b] = last().said.slice(-2)
  last().tell('refused', { code: 'not-your-role', args: { n: 1, list: [] } }, b!.id)
  last().tell('done', {}, a!.id)
  expect(await first).toEqual({})
  expect(await second).toEqual(new Refusal('not-your-role', { n: 1 }))
  const third = l.ask('floor.ask', {})
  await vi.advanceTimersByTimeAsync(0)
  last().break()
  expect(await third).toEqual(new Refusal('network'))
})

test('what is asked while the line is away waits for it', async () => {
  const l = line()
  last().open()
  welcome()
  last().break()
  const answer = l.ask('floor.ask', {})
  await vi.advanceTimersByTimeAsync(1)
  last().open()
  welcome()
  await vi.advanceTimersByTimeAsync(0)
  const said = last().said.at(-1)!
  expect(said.type).toBe('floor.ask')
  last().tell('done', {}, said.id)
  expect(await answer).toEqual({})
})

test('a restarting node says when to come back', async () => {
  const l = line()
  last().open()
  welcome()
  last().tell('goodbye', { code: 'restarting', after: 2 })
  last().break()
  await vi.advanceTimersByTimeAsync(1_900)
  expect(sockets.length).toBe(1)
  await vi.advanceTimersByTimeAsync(200)
  expect(sockets.length).toBe(2)
  expect(l.state).toBe('restoring')
})

test('a goodbye for good ends it', async () => {
  const l = line()
  const ended: Refusal[] = []
  l.news.listen('ended', (r) => ended.push(r), aborter.end.signal)
  last().open()
  welcome()
  last().tell('goodbye', { code: 'member-removed' })
  await vi.advanceTimersByTimeAsync(10_000)
  expect(sockets.length).toBe(1)
  expect(ended).toEqual([new Refusal('member-removed')])
  expect(await l.ask('enter', {})).toEqual(new Refusal('network'))
})

test('a node that does not know the seat any more ends it; one that is not there does not', async () => {
  const l = line()
  last().break()
  await vi.advanceTimersByTimeAsync(0)
  expect(l.state).toBe('connecting')
  why = new Refusal('link-revoked', {}, 403)
  last().break()
  await vi.advanceTimersByTimeAsync(0)
  expect(l.state).toBe('ended')
})

test('garbage on the line is passed over', () => {
  const l = line()
  last().open()
  welcome()
  for (const text of ['', 'null', '[]', '{', '{"type":"unknown"}', '{"type":"pong","body":{"n":1}}']) last().fire('message', text)
  expect(l.state).toBe('open')
})
