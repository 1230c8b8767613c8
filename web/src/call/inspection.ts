// What a technician, or a test, may read of a running call: `await astara.stats()` in the browser's console. Read-only; it
// gives counts and levels, never content.
import type { MemberID } from '../protocol.ts'
import type { Call, CallState } from './call.ts'
import type { Mixer } from './mixer.ts'
import type { LineState, Signalling } from './signalling.ts'

export interface SlotStats {
  slot: string
  codec: string
  framesDecoded: number
  keyFrames: number
  framesDropped: number
  freezes: number
  freezeSeconds: number
  width: number
  height: number
  packets: number
  lost: number
}

export interface Stats {
  line: LineState
  call: CallState
  rttMs: number // of the signalling line
  mediaRttMs: number | undefined
  hears: { hz: number; db: number } // the strongest frequency on the output
  soundRunning: boolean
  /** By member and source. */
  members: Record<MemberID, Partial<Record<string, SlotStats>>>
  sent: { kind: string; rid: string; codec: string; mode: string; active: boolean; packets: number; frames: number; width: number; height: number }[]
}

declare global {
  interface Window {
    astara?: {
      stats: () => Promise<Stats>
      /** Levels of frequencies on the output, its highest sample in 171 ms and its power in 20 ms; dBFS. */
      tones: (frequencies: readonly number[]) => ReturnType<Mixer['tones']>
    }
  }
}

export function openForInspection(line: Signalling, call: Call, mixer: Mixer, signal: AbortSignal): void {
  const stats = async (): Promise<Stats> => {
    const { seats, pair, sent, codecs } = await call.report()
    const members: Stats['members'] = {}
    for (const { member, source, slot, stats: got } of seats) {
      const one: SlotStats = {
        slot, codec: codecs.get(got?.codecId ?? '') ?? '', keyFrames: got?.keyFramesDecoded ?? 0, framesDecoded: got?.framesDecoded ?? 0, framesDropped: got?.framesDropped ?? 0, freezes: got?.freezeCount ?? 0,
        freezeSeconds: got?.totalFreezesDuration ?? 0, width: got?.frameWidth ?? 0, height: got?.frameHeight ?? 0,
        packets: got?.packetsReceived ?? 0, lost: got?.packetsLost ?? 0,
      }
      members[member] = { ...members[member], [source]: one }
    }
    return {
      line: line.state, call: call.state, rttMs: line.rtt,
      mediaRttMs: pair?.currentRoundTripTime === undefined ? undefined : pair.currentRoundTripTime * 1000,
      hears: mixer.peak(), soundRunning: mixer.running, members,
      sent: sent.map((one) => ({ kind: one.kind, rid: one.rid ?? '', codec: codecs.get(one.codecId ?? '') ?? '', mode: one.scalabilityMode ?? '', active: one.active ?? true, packets: one.packetsSent ?? 0, frames: one.framesEncoded ?? 0, width: one.frameWidth ?? 0, height: one.frameHeight ?? 0 })),
    }
  }
  window.astara = Object.freeze({ stats, tones: (frequencies: readonly number[]) => mixer.tones(frequencies) })
  signal.addEventListener('abort', () => { delete window.astara }, { once: true })
}
