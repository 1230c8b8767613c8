// The receiving slots: who sits where, from which frame on, and the streams that tiles and mixer hold for good.
import type { MemberID, Pause, Seat, Source, Switched } from '../protocol.ts'
import { News } from './news.ts'

export const pairs = 12 // sound and picture of one person, in lip sync
export const soundOnly = 8

/** The slots in the order of the offer. */
export const slotNames: readonly string[] = [
  ...Array.from({ length: pairs }, (_, n) => [`v${n}`, `a${n}`]).flat(),
  ...Array.from({ length: soundOnly }, (_, n) => `x${n}`),
]

export function isPicture(slot: string): boolean {
  return slot.startsWith('v')
}

// Longer than a node takes to get a key frame from whoever sits down.
const missedAfter = 1_500
const anyTime = -1

export interface SlotNews {
  seats: readonly Seat[]
  switched: string // slot
}

export class Slots {
  readonly news = new News<SlotNews>()
  seats: readonly Seat[] = []
  private readonly streams = new Map<string, MediaStream>()
  private readonly switches = new Map<string, Switched>()
  private resumed = false
  private trust: ReturnType<typeof setTimeout> | undefined

  /** The slot's stream; the same object for as long as the page lives. */
  stream(slot: string): MediaStream {
    let stream = this.streams.get(slot)
    if (!stream) this.streams.set(slot, stream = new MediaStream())
    return stream
  }

  /** A new connection brings new tracks into the same streams. */
  fill(slot: string, track: MediaStreamTrack): void {
    const stream = this.stream(slot)
    for (const old of stream.getTracks()) stream.removeTrack(old)
    stream.addTrack(track)
  }

  sit(seats: readonly Seat[]): void {
    this.seats = seats
    // Who comes back is shown by what comes then, not by what was left of them.
    for (const [slot, last] of this.switches) {
      if (!seats.some((seat) => seat.slot === slot && seat.member === last.member && seat.source === last.source)) this.switches.delete(slot)
    }
    this.news.tell('seats', seats)
    if (!this.resumed) return
    this.resumed = false
    clearTimeout(this.trust)
    this.trust = setTimeout(() => this.believe(), missedAfter)
  }

  /** The line was away: what was said about switches meanwhile is lost, so the next seats are believed after a while. */
  resume(): void {
    this.resumed = true
  }

  private believe(): void {
    for (const { slot, member, source } of this.seats) {
      if (isPicture(slot) && this.since(slot, member, source) === undefined) this.turn({ slot, member, source, rtpTimestamp: anyTime })
    }
  }

  turn(to: Switched): void {
    const last = this.switches.get(to.slot)
    this.switches.set(to.slot, to)
    // Another size of the same person: whose picture is shown goes on being shown.
    if (last && last.member === to.member && last.source === to.source) return
    this.news.tell('switched', to.slot)
  }

  /** The connection is gone, and its clocks with it. */
  empty(): void {
    clearTimeout(this.trust)
    this.switches.clear()
    this.sit([])
  }

  of(member: MemberID, source: Source): string | undefined {
    return this.seats.find((seat) => seat.member === member && seat.source === source)?.slot
  }

  /** Why the person's picture stands still; undefined while it flows. */
  paused(member: MemberID, source: Source): Pause | undefined {
    return this.seats.find((seat) => seat.member === member && seat.source === source)?.paused
  }

  /** By how many ms a person's picture comes later than their sound, where both are in one pair. */
  behind(member: MemberID): number | undefined {
    return this.seats.find((seat) => seat.member === member && seat.source === 'camera')?.behind
  }

  /** The RTP timestamp from which on the slot shows this person; undefined while it still shows somebody else. */
  since(slot: string, member: MemberID, source: Source): number | undefined {
    const last = this.switches.get(slot)
    return last && last.member === member && last.source === source ? last.rtpTimestamp : undefined
  }
}

/** At or past, on RTP's clock of 32 bits that turns over. */
export function reached(timestamp: number, from: number): boolean {
  return from === anyTime || (timestamp - from) >>> 0 < 0x8000_0000
}
