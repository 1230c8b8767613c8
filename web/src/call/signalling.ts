// The line to the node: JSON messages over one WebSocket that is found dead early and opened again for as long as it takes.
import {
  MAX_MESSAGE, VERSION,
  type ClientMessages, type Goodbye, type MediaAnswer, type MemberCommands, type NodeMessages,
} from '../protocol.ts'
import { Refusal } from '../state/session.ts'
import { ClockOffset } from './clock.ts'
import { inFirefox } from './firefox.ts'
import { News } from './news.ts'

export type Outgoing = ClientMessages & MemberCommands
type Answer = MediaAnswer | Record<string, never>

/** connecting: never welcomed yet; open: welcomed; restoring: was open, coming back; ended: will not come back by itself. */
export type LineState = 'connecting' | 'open' | 'restoring' | 'ended'

/** What the line tells: the node's messages, its own state, and why it ended. */
export interface LineNews extends NodeMessages {
  state: LineState
  ended: Refusal
  ahead: number // milliseconds by which the node's clock is ahead of ours, when it is known better
}

/** What a WebSocket does for us; tests bring their own. */
export interface Socket {
  readonly readyState: number
  send(text: string): void
  close(): void
  addEventListener(type: 'open' | 'close' | 'error', hear: () => void): void
  addEventListener(type: 'message', hear: (event: { data: unknown }) => void): void
}

export interface LineOptions {
  url: string
  open?: (url: string) => Socket
  /** Asked when a socket closed before its welcome: a refusal that will not pass ends the line. */
  why?: () => Promise<Refusal | undefined>
  random?: () => number
  /** Sockets in vain make this browser wait. */
  sparing?: boolean
}

const pingEvery = 500
const deadAfter = 2_500
const graceAfterSleep = 1_000 // a page that slept heard nothing although the line may live: one ping decides
const welcomeWithin = 4_000 // an attempt that hangs is given up and made anew
// While the network is away the first packet of an attempt is lost, and comes again only after 1 s, 3 s, 7 s: a new attempt finds
// the network sooner. Not so soon that a slow line could never open one, and not so often that Chromium counts two dozen failures
// and holds every further one back for seconds.
const opensSoon = 700
const opensLate = 1_500
const opensWatched = 15_000 // somebody else looks whether the node can be reached, and hurries us then
const soonAttempts = 6
const opensWithinTrips = 8
const freshFor = 100 // so long an attempt is not given up for another one
const doubtAfter = 1_000 // silence, when pongs come each 500 ms: then a second socket is tried beside this one
const answerWithin = 10_000
const firstWait = 200
const longestWait = 1_500 // with jitter, and the media after it, well below the 5 s in which everybody is back after a restart of the node
const mostWaiting = 64

export class Signalling {
  readonly news = new News<LineNews>()
  state: LineState = 'connecting'
  rtt = 0 // milliseconds, of the last ping

  private watched = false // see watch
  private readonly options: Required<LineOptions>
  private readonly page = Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, '0')).join('')
  private readonly ending = new AbortController()
  private socket: Socket | undefined
  private rival: Socket | undefined // see doubt
  private resume: { epoch: string; seq: number } | undefined
  private heard = 0
  private ticked = 0
  private pings = 0
  private pinged = 0
  private attempts = 0
  private began = 0 // the last of them
  private retry: ReturnType<typeof setTimeout> | undefined
  private limit: ReturnType<typeof setTimeout> | undefined
  private ids = 0
  private readonly clock = new ClockOffset()
  private readonly asked = new Map<number, (answer: Answer | Refusal) => void>()
  private readonly waiting = new Set<() => void>()

  constructor(options: LineOptions) {
    this.options = {
      open: (url) => new WebSocket(url), why: async () => undefined, random: Math.random, sparing: inFirefox, ...options,
    }
  }

  /** Opens the line and keeps it open until the signal. */
  run(signal: AbortSignal): void {
    const until = AbortSignal.any([signal, this.ending.signal])
    if (until.aborted) return
    const beat = setInterval(() => this.beat(), pingEvery)
    until.addEventListener('abort', () => {
      clearInterval(beat)
      clearTimeout(this.retry)
      clearTimeout(this.limit)
      this.drop()
      if (this.state !== 'ended') this.become('ended')
    }, { once: true })
    if (typeof document !== 'undefined') {
      // The moments at which a line that was lost is likely to be there again.
      const again = () => this.hurry()
      addEventListener('online', again, { signal: until })
      addEventListener('pageshow', again, { signal: until })
      document.addEventListener('visibilitychange', () => { if (document.visibilityState === 'visible') this.hurry() }, { signal: until })
    }
    this.connect()
  }

  /** Sends and waits for the answer; while the line is being restored it waits with it. Never throws. */
  async ask<K extends keyof Outgoing>(type: K, body: Outgoing[K]): Promise<Answer | Refusal> {
    const end = Date.now() + answerWithin
    if (!await this.ready(answerWithin)) return new Refusal('network')
    const id = ++this.ids
    return new Promise((settle) => {
      const late = setTimeout(() => answer(new Refusal('network')), Math.max(1, end - Date.now()))
      const answer = (what: Answer | Refusal) => {
        clearTimeout(late)
        this.asked.delete(id)
        settle(what)
      }
      this.asked.set(id, answer)
      if (!this.send({ type, id, body })) answer(new Refusal('too-large'))
    })
  }

  /** Sends what needs no answer; lost while the line is away. */
  tell<K extends keyof Outgoing>(type: K, body: Outgoing[K]): void {
    if (this.state === 'open') this.send({ type, body })
  }

  /** The line may have come or gone: find out now instead of at the next beat. An attempt from before would go on waiting for what it has lost. */
  hurry(): void {
    if (this.state === 'ended') return
    if (this.socket === undefined || this.socket.readyState === 0 && Date.now() - this.began > freshFor) this.connect()
    else if (this.state === 'open') this.ping()
  }

  /**
   * Somebody else looks whether the node can be reached, and hurries us then. Firefox holds a socket back the longer the more were
   * given up, counted from the last of them: there hardly any is tried meanwhile.
   */
  watch(on: boolean): void {
    this.watched = on
    if (!on || !this.options.sparing || this.state === 'open' || this.state === 'ended' || this.socket?.readyState === 1) return
    this.drop()
    this.later(opensWatched)
  }

  /** Whoever watches has found the node: what is tried now is tried as ever. */
  reached(): void {
    if (this.options.sparing) this.watched = false
    this.hurry()
  }

  private ready(within: number): Promise<boolean> {
    if (this.state === 'open') return Promise.resolve(true)
    if (this.state === 'ended' || this.waiting.size >= mostWaiting) return Promise.resolve(false)
    return new Promise((settle) => {
      const done = () => {
        clearTimeout(late)
        this.waiting.delete(done)
        settle(this.state === 'open')
      }
      const late = setTimeout(done, within)
      this.waiting.add(done)
    })
  }

  private connect(): void {
    clearTimeout(this.retry)
    this.drop()
    this.began = Date.now()
    const socket = this.options.open(this.options.url)
    this.socket = socket
    const opens = Math.max(this.attempts < soonAttempts ? opensSoon : opensLate, opensWithinTrips * this.rtt)
    this.within(this.options.sparing ? welcomeWithin : this.watched ? opensWatched : this.resume ? Math.min(welcomeWithin, opens) : welcomeWithin)
    socket.addEventListener('open', () => { if (this.socket === socket) this.greet() })
    this.attend(socket)
  }

  /** The limit until the welcome, of the socket that is there now. */
  private within(limit: number): void {
    const socket = this.socket
    clearTimeout(this.limit)
    this.limit = setTimeout(() => { if (this.socket === socket && this.state !== 'open') this.lose(true) }, limit)
  }

  private greet(): void {
    this.within(welcomeWithin)
    this.send({ type: 'hello', body: { version: VERSION, page: this.page, ...this.resume } })
  }

  /**
   * The line may lead nowhere any more, as after a change of network that nobody tells of: a second socket is opened beside it. If
   * it stands before anything has come by the first one, it takes over; otherwise it was for nothing.
   */
  doubt(): void {
    if (this.state !== 'open' || this.rival) return
    this.ping()
    const rival = this.options.open(this.options.url)
    this.rival = rival
    const late = setTimeout(() => { if (this.rival === rival) this.reassure() }, welcomeWithin)
    for (const end of ['close', 'error'] as const) rival.addEventListener(end, () => { if (this.rival === rival) this.rival = undefined })
    rival.addEventListener('open', () => {
      clearTimeout(late)
      if (this.rival !== rival) return
      this.rival = undefined
      this.drop()
      this.socket = rival
      this.attempts = 0
      this.become('restoring')
      this.attend(rival)
      this.greet()
    })
  }

  /** The line lives after all. */
  private reassure(): void {
    const rival = this.rival
    this.rival = undefined
    rival?.close()
  }

  private attend(socket: Socket): void {
    socket.addEventListener('message', (event) => { if (this.socket === socket && typeof event.data === 'string') this.receive(event.data) })
    socket.addEventListener('close', () => { if (this.socket === socket) this.lose() })
    socket.addEventListener('error', () => { if (this.socket === socket) this.lose() })
  }

  /** The socket is gone or dead: at once a first try, then ever later ones; at once too after one that hung, since that took its time. */
  private lose(hung = false): void {
    const welcomed = this.state === 'open'
    this.drop()
    if (welcomed) this.attempts = 0
    this.become(this.resume ? 'restoring' : 'connecting')
    if (!welcomed) void this.askWhy()
    if (this.watched && this.options.sparing) this.later(opensWatched)
    else this.later(this.attempts === 0 || hung ? 0 : Math.min(longestWait, firstWait * 1.6 ** (this.attempts - 1)) * (0.75 + this.options.random() / 2))
    this.attempts++
  }

  private later(wait: number): void {
    clearTimeout(this.retry)
    this.retry = setTimeout(() => this.connect(), wait)
  }

  private async askWhy(): Promise<void> {
    const why = await this.options.why()
    if (why && this.state !== 'open') this.end(why)
  }

  private drop(): void {
    const socket = this.socket
    this.socket = undefined
    socket?.close()
    this.reassure()
    for (const answer of [...this.asked.values()]) answer(new Refusal('network'))
  }

  private end(why: Refusal): void {
    if (this.state === 'ended') return
    this.become('ended')
    this.ending.abort()
    this.news.tell('ended', why)
  }

  private become(state: LineState): void {
    if (this.state === state) return
    this.state = state
    if (state === 'open' || state === 'ended') for (const done of [...this.waiting]) done()
    this.news.tell('state', state)
  }

  private send(message: { type: string; id?: number; body: unknown }): boolean {
    const text = JSON.stringify(message)
    if (text.length > MAX_MESSAGE) return false
    if (this.socket?.readyState === 1) this.socket.send(text)
    return true
  }

  private beat(): void {
    const now = Date.now()
    const slept = this.ticked > 0 && now - this.ticked > deadAfter
    this.ticked = now
    if (this.state !== 'open') return
    if (slept) this.heard = now - deadAfter + graceAfterSleep
    if (now - this.heard > deadAfter) return this.lose()
    if (now - this.heard > Math.max(doubtAfter, opensWithinTrips * this.rtt)) this.doubt()
    else this.ping()
  }

  private ping(): void {
    this.pinged = Date.now()
    this.send({ type: 'ping', body: { n: ++this.pings } })
  }

  /** The node's clock by the pong that has just come. */
  private compare(told: number): void {
    this.rtt = Date.now() - this.pinged
    const known = this.clock.ahead
    if (Number.isNaN(told)) return
    this.clock.note(this.pinged, told, Date.now())
    if (this.clock.ahead !== undefined && this.clock.ahead !== known) this.news.tell('ahead', this.clock.ahead)
  }

  private receive(text: string): void {
    const message = parsed(text)
    if (!message) return
    this.heard = Date.now()
    this.reassure()
    const answered = message.id === undefined ? undefined : this.asked.get(message.id)
    switch (message.type) {
      case 'welcome':
        this.resume = { epoch: message.body.epoch, seq: message.body.seq }
        this.attempts = 0
        clearTimeout(this.limit)
        this.news.tell('welcome', message.body)
        this.become('open')
        return
      case 'event':
        if (this.resume) this.resume.seq = message.body.event.seq
        this.news.tell('event', message.body)
        return
      case 'pong':
        if (message.body.n === this.pings) this.compare(Date.parse(message.body.now))
        return
      case 'goodbye':
        this.goodbye(message.body)
        return
      case 'done':
      case 'media.answer':
        answered?.(message.body ?? {})
        return
      case 'refused':
        if (answered) answered(new Refusal(message.body.code, plain(message.body.args)))
        else this.news.tell('refused', message.body)
        return
      default:
        this.news.tell(message.type, message.body as never)
    }
  }

  private goodbye(said: Goodbye): void {
    this.news.tell('goodbye', said)
    if (said.after === undefined) return this.end(new Refusal(said.code, plain(said.args)))
    this.drop()
    this.become(this.resume ? 'restoring' : 'connecting')
    this.attempts = 1
    this.later(said.after * 1000)
  }
}

type Incoming = { [K in keyof NodeMessages]: { type: K; id?: number; body: NodeMessages[K] } }[keyof NodeMessages]

// The node wrote both the types and the message; only that it is a message at all is checked.
function parsed(text: string): Incoming | undefined {
  try {
    const message: unknown = JSON.parse(text)
    return typeof message === 'object' && message !== null && 'type' in message ? message as Incoming : undefined
  } catch {
    return undefined
  }
}

/** The arguments of a refusal that a sentence can hold. */
export function plain(args: Readonly<Record<string, unknown>> | undefined): Record<string, string | number> {
  return Object.fromEntries(Object.entries(args ?? {}).filter((entry): entry is [string, string | number] => typeof entry[1] === 'string' || typeof entry[1] === 'number'))
}
