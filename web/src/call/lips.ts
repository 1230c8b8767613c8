// Lips and voice together. A browser brings the sound and the picture of a slot together by the capture times that the node
// passes on, but only by 20 to 30 ms a second; after a change of person that is too slow, so the difference that it still
// has is given to the one that is ahead at once.
import type { MemberID } from '../protocol.ts'
import { isPicture, type Slots } from './slots.ts'

/** What holds back sound and picture, in ms; 0 leaves it to the browser. */
export interface Held {
  readonly sound: number
  readonly picture: number
}

export interface Heard {
  readonly ahead: number // ms by which the sound is before the picture; negative: after it
  readonly sound: number // ms that it waits in its buffer now
  readonly picture: number
}

// Within 45 ms early and 125 ms late nobody notices (ITU-R BT.1359); we act before.
const early = 35
const late = 60
const most = 500

/** Takes first from what we hold, then holds what is ahead. Pure. */
export function align(held: Held, { ahead, sound, picture }: Heard): Held {
  if (ahead > early) {
    const freed = Math.min(held.picture, ahead)
    const rest = ahead - freed
    return { picture: held.picture - freed, sound: rest > early ? Math.min(most, Math.round(sound + rest)) : held.sound }
  }
  if (ahead < -late) {
    const freed = Math.min(held.sound, -ahead)
    const rest = -ahead - freed
    return { sound: held.sound - freed, picture: rest > late ? Math.min(most, Math.round(picture + rest - early)) : held.picture }
  }
  return held
}

const look = 250 // ms between looks while a slot is new
const newFor = 24 // looks
const seldom = 20 // looks between looks later

type Receiver = RTCRtpReceiver & { jitterBufferTarget?: number | null }
type Counted = RTCInboundRtpStreamStats & { estimatedPlayoutTimestamp?: number }
interface Pair { who: MemberID | undefined; looks: number; held: Held; sound: Waited; picture: Waited }
interface Waited { seconds: number; count: number }

/**
 * Watches the pairs of a connection until the signal. Behind the buffers the sound still goes through the mixer and the
 * loudspeaker's own, of which the browser's figures know nothing: that is `exit`, in ms.
 */
export function watchLips(slots: Slots, receiver: (slot: string) => RTCRtpReceiver | undefined, exit: () => number, signal: AbortSignal): void {
  const pairs = new Map<string, Pair>()

  async function see(number: string, pair: Pair): Promise<void> {
    const sound = receiver('a' + number)
    const picture = receiver('v' + number)
    if (!sound || !picture) return
    const [a, v] = [await counted(sound), await counted(picture)]
    if (signal.aborted || !a || !v) return
    const waited = { sound: since(pair.sound, a), picture: since(pair.picture, v) }
    if (waited.sound === undefined || waited.picture === undefined || !a.estimatedPlayoutTimestamp || !v.estimatedPlayoutTimestamp) return
    hold(pair, align(pair.held, { ahead: a.estimatedPlayoutTimestamp - v.estimatedPlayoutTimestamp - exit(), sound: waited.sound, picture: waited.picture }), sound, picture)
  }

  function hold(pair: Pair, next: Held, sound: RTCRtpReceiver | undefined, picture: RTCRtpReceiver | undefined): void {
    if (sound && next.sound !== pair.held.sound) (sound as Receiver).jitterBufferTarget = next.sound || null
    if (picture && next.picture !== pair.held.picture) (picture as Receiver).jitterBufferTarget = next.picture || null
    pair.held = next
  }

  const timer = setInterval(() => {
    for (const { slot, member, source } of slots.seats) {
      if (!isPicture(slot) || source !== 'camera') continue
      const number = slot.slice(1)
      if (!slots.seats.some((other) => other.slot === 'a' + number && other.member === member)) continue
      const pair = pairs.get(number) ?? { who: undefined, looks: 0, held: { sound: 0, picture: 0 }, sound: { seconds: 0, count: 0 }, picture: { seconds: 0, count: 0 } }
      pairs.set(number, pair)
      if (pair.who !== member) {
        hold(pair, { sound: 0, picture: 0 }, receiver('a' + number), receiver(slot))
        pair.who = member
        pair.looks = 0
      }
      pair.looks++
      // What is held is to be freed when the buffer behind it has shrunk: that is watched too.
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
