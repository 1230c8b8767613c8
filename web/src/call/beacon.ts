// How one whose line was away finds out that the node can be reached again: by connectivity checks, which a browser sends some
// twenty times a second. The first packet of a socket is repeated only after 1 s, 3 s and 7 s, and a page that opens sockets in
// vain two dozen times is made to wait for seconds by Chromium.
import type { Beacon as Credentials } from '../protocol.ts'
import { inFirefox } from './firefox.ts'
import { beaconAnswer } from './sdp.ts'

// A pair of addresses that was never answered is given up by Chromium after 10 s: a new one then. Firefox checks after 0.1 s, 0.2 s,
// 0.4 s and so on, twice as late each time: a new one before that becomes long.
const anew = inFirefox ? 500 : 8_000

export class Beacon {
  private readonly reached: () => void
  private pc: RTCPeerConnection | undefined
  private again: ReturnType<typeof setTimeout> | undefined

  constructor(reached: () => void) {
    this.reached = reached
  }

  /** Looks for the node at the addresses of its last answer until it is found or `out`. */
  light(answer: string, { user, password }: Credentials): void {
    this.out()
    const pc = this.pc = new RTCPeerConnection()
    pc.createDataChannel('')
    pc.addEventListener('iceconnectionstatechange', () => {
      if (this.pc !== pc || pc.iceConnectionState !== 'connected') return
      this.out()
      this.reached()
    })
    this.again = setTimeout(() => this.light(answer, { user, password }), anew)
    void pc.setLocalDescription().then(() => pc.setRemoteDescription({ type: 'answer', sdp: beaconAnswer(answer, user, password) }))
      .catch(() => undefined) // closed meanwhile; or a browser that will not, and then the sockets alone find out
  }

  out(): void {
    clearTimeout(this.again)
    this.pc?.close()
    this.pc = undefined
  }
}
