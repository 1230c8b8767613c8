// The test of the line at the door: a short call with the real node that sends my own sound and picture back.
import type { Quality } from '../protocol.ts'
import { Refusal } from '../state/session.ts'
import { tcpOnly, withoutCandidates } from './sdp.ts'
import type { Signalling } from './signalling.ts'

export interface LineResult {
  readonly quality: Exclude<Quality, 'lost'>
  readonly rttMs: number
  readonly loss: number // 0..1, the worse direction
  readonly transport: 'udp' | 'tcp'
}

const connectWithin = 4_000
const testFor = 5_000

/** By the same steps as the node's (protocol.Quality). */
export function qualityOf(rttMs: number, loss: number): LineResult['quality'] {
  if (loss < 0.02 && rttMs < 200) return 'good'
  return loss < 0.05 && rttMs < 400 ? 'fair' : 'poor'
}

/** UDP as in the meeting; when that does not come through, TCP. Undefined: neither did, or the signal ended it. */
export async function testLine(line: Signalling, tracks: readonly MediaStreamTrack[], signal: AbortSignal): Promise<LineResult | undefined> {
  for (const only of ['any', 'tcp'] as const) {
    const result = await attempt(line, tracks, only, signal)
    if (result || signal.aborted) return result
  }
  return undefined
}

async function attempt(line: Signalling, tracks: readonly MediaStreamTrack[], only: 'any' | 'tcp', signal: AbortSignal): Promise<LineResult | undefined> {
  const pc = new RTCPeerConnection({ bundlePolicy: 'max-bundle' })
  const copies = tracks.map((track) => track.clone())
  try {
    const sources = copies.map((track) => [track.kind === 'audio' ? 'microphone' : 'camera', pc.addTransceiver(track, { direction: 'sendonly', sendEncodings: [{ maxBitrate: track.kind === 'audio' ? 64_000 : 500_000 }] })] as const)
    const slots = [['v0', pc.addTransceiver('video', { direction: 'recvonly' })], ['a0', pc.addTransceiver('audio', { direction: 'recvonly' })]] as const
    await pc.setLocalDescription()
    const named = <V extends string>(of: readonly (readonly [V, RTCRtpTransceiver])[]) => Object.fromEntries(of.map(([name, { mid }]) => [mid ?? '', name] as const))
    const answer = await line.ask('probe.offer', { sdp: withoutCandidates(pc.localDescription?.sdp ?? ''), sources: named(sources), slots: named(slots) })
    if (signal.aborted || answer instanceof Refusal || !('sdp' in answer)) return undefined
    await pc.setRemoteDescription({ type: 'answer', sdp: only === 'tcp' ? tcpOnly(answer.sdp) : answer.sdp })
    if (!await connected(pc, signal)) return undefined
    await pause(testFor, signal)
    return signal.aborted ? undefined : await measured(pc)
  } catch {
    return undefined
  } finally {
    pc.close()
    for (const copy of copies) copy.stop()
    line.tell('probe.end', {})
  }
}

function connected(pc: RTCPeerConnection, signal: AbortSignal): Promise<boolean> {
  return new Promise((settle) => {
    const until = AbortSignal.any([signal, AbortSignal.timeout(connectWithin)])
    const look = () => { if (pc.connectionState === 'connected' || pc.connectionState === 'failed') settle(pc.connectionState === 'connected') }
    pc.addEventListener('connectionstatechange', look, { signal: until })
    until.addEventListener('abort', () => settle(false), { once: true })
    look()
  })
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((settle) => {
    const until = setTimeout(settle, ms)
    signal.addEventListener('abort', () => { clearTimeout(until); settle() }, { once: true })
  })
}

interface Counted extends RTCStats {
  packetsReceived?: number
  packetsLost?: number
  fractionLost?: number
  roundTripTime?: number
  nominated?: boolean
  currentRoundTripTime?: number
  localCandidateId?: string
  protocol?: string
}

async function measured(pc: RTCPeerConnection): Promise<LineResult | undefined> {
  const all: Counted[] = []
  const stats = await pc.getStats()
  stats.forEach((one: Counted) => all.push(one))
  const pair = all.find((one) => one.type === 'candidate-pair' && one.nominated)
  if (!pair) return undefined
  const down = all.filter((one) => one.type === 'inbound-rtp')
  const [got, lost] = [sum(down, 'packetsReceived'), sum(down, 'packetsLost')]
  const up = Math.max(0, ...all.filter((one) => one.type === 'remote-inbound-rtp').map((one) => one.fractionLost ?? 0))
  const loss = Math.max(up, got + lost > 0 ? Math.max(0, lost) / (got + lost) : 0)
  const rttMs = Math.round((pair.currentRoundTripTime ?? 0) * 1000)
  const local = all.find((one) => one.id === pair.localCandidateId)
  return { quality: qualityOf(rttMs, loss), rttMs, loss, transport: local?.protocol === 'tcp' ? 'tcp' : 'udp' }
}

function sum(of: readonly Counted[], what: 'packetsReceived' | 'packetsLost'): number {
  return of.reduce((total, one) => total + (one[what] ?? 0), 0)
}
