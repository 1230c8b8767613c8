// Lips and voice together. A browser keeps sound and picture of a slot as they came to the node, but moves them by 20 to 30 ms
// a second only. By how much a person's picture comes later than their sound the node says with the seat; the sound waits for
// that in the mixer, at once. What the browser and the loudspeaker leave is measured and mended in the same way.
import type { MemberID } from '../protocol.ts'
import { inFirefox } from './firefox.ts'
import { isPicture, type Slots } from './slots.ts'

/** What holds back sound and picture, in ms; of the picture 0 leaves it to the browser. */
export interface Held {
  readonly sound: number
  readonly picture: number
}

export interface Heard {
  readonly ahead: number // ms by which the sound is before the picture; negative: after it
  readonly picture: number // ms that it waits in its buffer now
}

// Within 45 ms early and 125 ms late nobody notices (ITU-R BT.1359); we act before, and aim at the middle of that.
const early = 10
const late = 60
const middle = 25 // late
const most = 500
const mostOfPicture = inFirefox ? 1_000 : most // on a machine with too much to do its sound waits so long

/** Takes first from what we hold, then holds what is ahead. Pure. */
export function align(held: Held, { ahead, picture }: Heard): Held {
  if (ahead > early) {
    const freed = Math.min(held.picture, ahead)
    const rest = ahead - freed
    return { picture: held.picture - freed, sound: rest > early ? Math.min(most, Math.round(held.sound + rest + middle)) : held.sound }
  }
  if (ahead < -late) {
    const freed = Math.min(held.sound, -ahead)
    const rest = -ahead - freed
    return { sound: held.sound - freed, picture: rest > late ? Math.min(mostOfPicture, Math.round(picture + rest - middle)) : held.picture }
  }
  return held
}

const atFirst = inFirefox ? -100 : -60 // ms that a browser's sound is late before anything is measured (Chromium 156, Firefox 153)
const untold = inFirefox ? 40 : 0 // ms that sound comes later than its buffer tells
const givenBack = 15 // ms of a held picture at a look
const painting = 20 // ms between a picture's buffer and the screen
const look = 250 // ms between looks while a slot is new
const newFor = 24 // looks
const seldom = 20 // looks between looks later

type Receiver = RTCRtpReceiver & { jitterBufferTarget?: number | null }
type Counted = RTCInboundRtpStreamStats & { estimatedPlayoutTimestamp?: number }
interface Waited { seconds: number; count: number }
interface Pair {
  who: MemberID | undefined
  behind: number | undefined // as the node said
  ahead: number // of what the browser plays, as it came to the node; it stays over a change of person
  looks: number
  held: Held
  readonly sound: Waited
  readonly picture: Waited
}

export interface Parts {
  readonly slots: Slots
  readonly receiver: (slot: string) => RTCRtpReceiver | undefined
  /** Lets a slot's sound wait so many ms behind its buffer. */
  readonly wait: (slot: string, ms: number) => void
  /** How long every sound takes behind that, to the ear, in ms. */
  readonly exit: () => number
}

/** Watches the pairs of a connection until the signal. */
export function watchLips({ slots, receiver, wait, exit }: Parts, signal: AbortSignal): void {
  const pairs = new Map<string, Pair>()

  /** The pairs in which sound and picture of one person are. */
  function* seated(): Generator<[number: string, pair: Pair]> {
    for (const { slot, member, source, behind } of slots.seats) {
      if (!isPicture(slot) || source !== 'camera') continue
      const number = slot.slice(1)
      if (!slots.seats.some((other) => other.slot === 'a' + number && other.member === member)) continue
      let pair = pairs.get(number)
      if (!pair) pairs.set(number, pair = { who: undefined, behind: undefined, ahead: atFirst, looks: 0, held: { sound: 0, picture: 0 }, sound: { seconds: 0, count: 0 }, picture: { seconds: 0, count: 0 } })
      if (pair.who !== member) Object.assign(pair, { who: member, behind: undefined, looks: 0 })
      if (behind !== undefined && behind !== pair.behind) {
        pair.behind = behind
        hold(number, pair, align(pair.held, { ahead: pair.ahead + behind - exit() - pair.held.sound, picture: pair.held.picture }))
      }
      yield [number, pair]
    }
  }

  async function see(number: string, pair: Pair): Promise<void> {
    const [sound, picture] = [receiver('a' + number), receiver('v' + number)]
    if (!sound || !picture) return
    const [a, v] = [await counted(sound), await counted(picture)]
    if (signal.aborted || !a || !v) return
    const [heard, seen] = [since(pair.sound, a), since(pair.picture, v)]
    if (heard === undefined || seen === undefined) return
    // Before the browser knows its clocks, some seconds in, what waits tells nearly as much.
    pair.ahead = a.estimatedPlayoutTimestamp && v.estimatedPlayoutTimestamp ? a.estimatedPlayoutTimestamp - v.estimatedPlayoutTimestamp : seen + painting - heard - untold
    const next = align(pair.held, { ahead: pair.ahead + (pair.behind ?? 0) - exit() - pair.held.sound, picture: seen })
    // A picture that is held makes the browser hold the sound too, in a while: it knows nothing of the mixer and the loudspeaker.
    // So that is for the beginning, and given back slowly after. In Firefox they are unpaired, and the page alone moves either.
    hold(number, pair, inFirefox || pair.looks <= newFor ? next : { sound: next.sound, picture: Math.min(next.picture, Math.max(0, pair.held.picture - givenBack)) })
  }

  function hold(number: string, pair: Pair, next: Held): void {
    if (next.sound !== pair.held.sound) wait('a' + number, next.sound)
    const picture = receiver('v' + number) as Receiver | undefined
    if (picture && next.picture !== pair.held.picture) picture.jitterBufferTarget = next.picture || null
    pair.held = next
  }

  slots.news.listen('seats', () => { for (const _ of seated()) ; }, signal)
  const timer = setInterval(() => {
    for (const [number, pair] of seated()) {
      pair.looks++
      // What is held is to be freed when it is needed no more: that is watched too.
      const watched = pair.looks <= newFor || pair.held.sound + pair.held.picture > 0 && pair.looks % 2 === 0
      if (watched || pair.looks % seldom === 0) void see(number, pair).catch(() => undefined) // the connection closed
    }
  }, look)
  signal.addEventListener('abort', () => clearInterval(timer), { once: true })
}

async function counted(receiver: RTCRtpReceiver): Promise<Counted | undefined> {
  let found: Counted | undefined
  const stats = await receiver.getStats()
  stats.forEach((one: RTCStats) => { if (one.type === 'inbound-rtp') found = one as Counted })
  return found
}

/** The mean wait in the buffer since the last look, in ms. */
function since(before: Waited, { jitterBufferDelay: seconds = 0, jitterBufferEmittedCount: count = 0 }: Counted): number | undefined {
  const [waited, played] = [seconds - before.seconds, count - before.count]
  before.seconds = seconds
  before.count = count
  return played > 0 ? (waited / played) * 1000 : undefined
}
