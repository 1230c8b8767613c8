// When my line up loses sound, each packet of it carries the one before once more (RFC 2198); the node takes what it misses
// from there. It costs two thirds of the sound once more, so it is done only while something is lost.

/** What was sent of my voice so far, and what the node has reported missing of it. */
export interface Sent {
  readonly packets: number
  readonly lost: number
}

const look = 1_000
const fade = 0.6 // a mean over the last seconds
const least = 2.5 // fewer missing say nothing
const from = 0.02 // of what was sent
const until = 0.01
const calm = 10_000 // below it for so long

/** Says from one count to the next whether copies are wanted. Pure but for what it remembers. */
export class Losses {
  wanted = false
  private before: Sent | undefined
  private packets = 0
  private lost = 0
  private calmSince: number | undefined

  count(now: Sent, at: number): boolean {
    const before = this.before
    this.before = now
    // The first count, or that of a connection made anew, is where counting begins.
    if (!before || now.packets < before.packets || now.lost < before.lost) return this.wanted
    this.packets = this.packets * fade + now.packets - before.packets
    this.lost = this.lost * fade + now.lost - before.lost
    const share = this.packets > 0 ? this.lost / this.packets : 0
    if (!this.wanted) {
      this.wanted = share >= from && this.lost >= least
      this.calmSince = undefined
    } else if (share >= until) this.calmSince = undefined
    else if (this.calmSince === undefined) this.calmSince = at
    else if (at - this.calmSince >= calm) this.wanted = false
    return this.wanted
  }
}

/** Counts until the signal, and tells when it changes whether copies are wanted. */
export function watchCopies(sender: RTCRtpSender, losses: Losses, changed: () => void, signal: AbortSignal): void {
  const timer = setInterval(() => {
    void sent(sender).then((now) => {
      if (!now || signal.aborted) return
      const before = losses.wanted
      if (losses.count(now, Date.now()) !== before) changed()
    }).catch(() => undefined) // the connection closed
  }, look)
  signal.addEventListener('abort', () => clearInterval(timer), { once: true })
}

type RemoteInbound = RTCStats & { packetsLost?: number }

async function sent(sender: RTCRtpSender): Promise<Sent | undefined> {
  let packets: number | undefined
  let lost: number | undefined
  const stats = await sender.getStats()
  stats.forEach((one: RTCStats) => {
    if (one.type === 'outbound-rtp') packets = (one as RTCOutboundRtpStreamStats).packetsSent
    if (one.type === 'remote-inbound-rtp') lost = (one as RemoteInbound).packetsLost
  })
  return packets === undefined || lost === undefined ? undefined : { packets, lost }
}
