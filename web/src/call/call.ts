// My one connection to the packet road: it offers once, with my senders and a pool of slots, and repairs itself.
import type { Beacon as BeaconCredentials, Codec, Heard, MemberID, Role, Source, Switched } from '../protocol.ts'
import { Beacon } from './beacon.ts'
import { Losses, watchCopies } from './copies.ts'
import { sends } from '../state/roles.ts'
import { Refusal } from '../state/session.ts'
import { inFirefox } from './firefox.ts'
import { watchLips } from './lips.ts'
import type { Mixer } from './mixer.ts'
import { News } from './news.ts'
import type { OwnMedia } from './own.ts'
import { pipeline } from './pipeline.ts'
import { copiesFirst, fingerprint, opusWishes, sourceNumbers, unpaired, withoutCandidates } from './sdp.ts'
import type { LineState, Signalling } from './signalling.ts'
import { pictureCodecs } from './codecs.ts'
import { encodingsOf } from './encodings.ts'
import { scaled } from './scale.ts'
import { Sending } from './sending.ts'
import { isPicture, slotNames, type Slots } from './slots.ts'
import { straight, told } from './way.ts'

/** idle: not at the table; connecting: first time; connected; restoring: was connected, being repaired. */
export type CallState = 'idle' | 'connecting' | 'connected' | 'restoring'

export interface CallNews {
  state: CallState
}

type Repair = 'none' | 'restart' | 'rebuild'

const patience = 1_000 // a line that is "disconnected" longer than this is restarted
const lastResortAfter = 1_500 // an exchange that has not connected by then also tries the node's relay
const listenEach = 100
const silentAfter = 250 // when all that was heard and seen stops at once, the line may have gone with it
const lightAfter = 2_000 // a line away for so long is looked for by the beacon too
const lostAfter = 14_000 // a line away for so long: the node has let go of our connection
const givesUpAfter = 4_000 // an exchange that has not connected by then is made anew
const atMostEach = 1_000 // one repair a second: the node counts offers

const senderKinds: readonly (readonly [Source, 'audio' | 'video'])[] = [
  ['microphone', 'audio'], ['camera', 'video'], ['screen', 'video'], ['screen-sound', 'audio'], ['whisper', 'audio'],
]

/** One RTCPeerConnection with what belongs to it. */
interface Connection {
  readonly pc: RTCPeerConnection
  readonly senders: ReadonlyMap<Source, RTCRtpTransceiver>
  readonly slots: ReadonlyMap<string, RTCRtpTransceiver>
  readonly life: AbortController
  offered: Promise<void>
  answer: string // as the node last gave it
  done: boolean // an answer has been set
}

export interface CallParts {
  line: Signalling
  own: OwnMedia
  slots: Slots
  mixer: Mixer
  role: Role
  heard: () => readonly Heard[] // who is to be heard, by the meeting's rules
}

export class Call {
  readonly news = new News<CallNews>()
  state: CallState = 'idle'
  private readonly parts: CallParts
  private readonly signal: AbortSignal
  private connection: Connection | undefined
  private started = false
  private admitted = false // this socket has entered: the node takes offers
  private wanted: Repair = 'none'
  private working = false
  private last = 0
  private failures = 0
  private latest = 0 // time stamp of what was last heard or seen
  private heard = 0 // when
  private away: ReturnType<typeof setTimeout> | undefined
  private lighting: ReturnType<typeof setTimeout> | undefined
  private readonly beacon: Beacon
  private lights: BeaconCredentials | undefined
  private answered = '' // what the node last answered, to any connection
  private direct = false // sound and picture came by UDP, without a relay
  private relays: readonly RTCIceServer[] = []
  private lastResort = false // this network lets nothing else through: from now on the relay is tried too
  private epoch = ''
  private timer: ReturnType<typeof setTimeout> | undefined
  private readonly sending: Sending
  private readonly losses = new Losses() // of what I send

  constructor(parts: CallParts, signal: AbortSignal) {
    this.parts = parts
    this.signal = signal
    const { line, own, slots, mixer } = parts
    this.beacon = new Beacon(() => line.reached())
    this.sending = new Sending(own, parts.role, signal)
    own.news.listen('track', (source) => this.send(source), signal)
    line.news.listen('seats', ({ seats }) => slots.sit(seats), signal)
    line.news.listen('switched', (what: Switched) => slots.turn(what), signal)
    line.news.listen('send', (what) => this.sending.watch(what), signal)
    line.news.listen('state', (state) => this.lineBecame(state), signal)
    const ear = setInterval(() => this.listen(), listenEach)
    signal.addEventListener('abort', () => clearInterval(ear), { once: true })
    slots.news.listen('seats', () => this.mix(), signal)
    for (const slot of slotNames) if (!isPicture(slot)) mixer.level(slot, 0)
    const moved = () => { if (this.started) this.repair('restart') }
    addEventListener('online', moved, { signal })
    const network = (navigator as Navigator & { connection?: EventTarget }).connection
    network?.addEventListener('change', moved, { signal })
    signal.addEventListener('abort', () => this.stop(), { once: true })
  }

  /** Makes the connection and its offer while the person still looks at the check page, so that entering is one exchange. */
  prepare(): void {
    this.connection ??= this.build()
  }

  /** At the table: offers, and keeps the connection from now on. */
  start(): void {
    if (this.started || this.signal.aborted) return
    this.started = this.admitted = true
    this.become('connecting')
    this.prepare()
    this.wanted = 'restart'
    this.work()
  }

  private lineBecame(state: LineState): void {
    clearTimeout(this.away)
    clearTimeout(this.lighting)
    this.beacon.out()
    this.parts.line.watch(false)
    if (state === 'open') return
    this.admitted = false
    const { answered, lights } = this
    // Where sound and picture do not come by UDP the beacon does not shine either.
    if (this.started && this.direct && lights) {
      this.lighting = setTimeout(() => {
        this.parts.line.watch(true)
        this.beacon.light(answered, lights)
      }, lightAfter)
    }
    this.away = setTimeout(() => {
      // A new connection with its offer lies ready, so that coming back is one exchange.
      if (!this.started || this.working || this.connection?.pc.connectionState === 'connected') return
      this.drop()
      this.prepare()
    }, lostAfter)
  }

  /** Sound that stops tells of a lost network sooner than anything else does. */
  private listen(): void {
    if (this.state !== 'connected' || this.parts.line.state !== 'open') return
    let latest = 0
    for (const { slot } of this.parts.slots.seats) {
      for (const { timestamp } of this.connection?.slots.get(slot)?.receiver.getSynchronizationSources() ?? []) latest = Math.max(latest, timestamp)
    }
    const now = Date.now()
    if (latest !== this.latest) {
      this.latest = latest
      this.heard = now
    } else if (this.heard > 0 && now - this.heard > silentAfter) {
      this.heard = 0 // once, until something is heard again
      this.parts.line.doubt()
    }
  }

  /** The node's relays, as each welcome gives them anew. */
  reachBy(relays: readonly RTCIceServer[]): void {
    this.relays = relays
  }

  /** What the node answers to anybody's checks, as each welcome gives it anew. */
  seekBy(beacon: BeaconCredentials): void {
    this.lights = beacon
  }

  /** The codec that the node wishes cameras in; undefined: whatever this machine does best. */
  prefer(codec: Codec | undefined): void {
    this.sending.prefer(codec)
  }

  stop(): void {
    this.started = false
    this.wanted = 'none'
    clearTimeout(this.timer)
    clearTimeout(this.away)
    clearTimeout(this.lighting)
    this.beacon.out()
    this.drop()
    this.become('idle')
  }

  /**
   * We have entered, perhaps again, or have asked to and may: once for each time that the line was away. A node that was
   * started anew has lost us: everything is made anew. Otherwise the peer may still be there: a restart of ICE finds out.
   */
  entered(epoch: string): void {
    if (this.admitted && this.epoch === epoch) return this.work()
    this.admitted = true
    const lost = this.epoch !== '' && this.epoch !== epoch
    const again = this.epoch !== ''
    this.epoch = epoch
    if (!this.started || !again) return this.work()
    this.parts.slots.resume()
    this.repair(lost ? 'rebuild' : 'restart')
  }

  /** The member's picture and sound as the connection counts them, by slot; for inspection. */
  async report(): Promise<{ seats: { member: MemberID; source: Source; slot: string; stats: RTCInboundRtpStreamStats | undefined }[]; pair: RTCIceCandidatePairStats | undefined; sent: RTCOutboundRtpStreamStats[]; codecs: ReadonlyMap<string, string> }> {
    const connection = this.connection
    const sent: RTCOutboundRtpStreamStats[] = []
    const codecs = new Map<string, string>() // by the statistics' own name of it
    let pair: RTCIceCandidatePairStats | undefined
    const all: RTCStats[] = []
    const counted = connection && await Promise.race([connection.pc.getStats(), ended(connection.life.signal)])
    counted?.forEach((one: RTCStats) => all.push(one))
    for (const one of all) {
      if (one.type === 'outbound-rtp') sent.push(one as RTCOutboundRtpStreamStats)
      if (one.type === 'candidate-pair' && (one as RTCIceCandidatePairStats).nominated) pair = one as RTCIceCandidatePairStats
      if (one.type === 'codec') codecs.set(one.id, (one as RTCStats & { mimeType?: string }).mimeType?.replace(/^.*\//, '').toLowerCase() ?? '')
    }
    const seats = this.parts.slots.seats.map(({ member, source, slot }) => {
      const mid = connection?.slots.get(slot)?.mid
      const stats = all.find((one): one is RTCInboundRtpStreamStats => one.type === 'inbound-rtp' && (one as RTCInboundRtpStreamStats).mid === mid)
      return { member, source, slot, stats }
    })
    return { seats, pair, sent, codecs }
  }

  // ---- building -----------------------------------------------------------------------------------------------------

  private build(): Connection {
    const pc = new RTCPeerConnection(this.wishes())
    const life = new AbortController()
    const senders = new Map<Source, RTCRtpTransceiver>()
    const slots = new Map<string, RTCRtpTransceiver>()
    if (sends(this.parts.role)) {
      for (const [source, kind] of senderKinds) {
        const track = this.parts.own.sent(source)
        const offered = encodingsOf(source, this.parts.role)
        const sizes = scaled(offered.length, track?.getSettings().height)
        const sendEncodings = offered.length > 1 ? offered.map((one, rank) => ({ ...one, ...sizes[rank] })) : offered
        const transceiver = pc.addTransceiver(kind, { direction: 'sendonly', sendEncodings })
        pipeline(transceiver.sender, { source })
        prepareCodecs(transceiver, kind)
        senders.set(source, transceiver)
        if (track) void transceiver.sender.replaceTrack(track)
      }
    }
    for (const slot of slotNames) {
      const kind = isPicture(slot) ? 'video' : 'audio'
      const transceiver = pc.addTransceiver(kind, { direction: 'recvonly' })
      pipeline(transceiver.receiver, { slot })
      prepareCodecs(transceiver, kind)
      slots.set(slot, transceiver)
      this.parts.slots.fill(slot, transceiver.receiver.track)
    }
    const connection: Connection = { pc, senders, slots, life, offered: pc.setLocalDescription(), answer: '', done: false }
    this.sending.over(senders)
    const voice = senders.get('microphone')?.sender
    if (voice) watchCopies(voice, this.losses, () => void this.shape(), life.signal)
    const { mixer } = this.parts
    watchLips({ slots: this.parts.slots, receiver: (slot) => slots.get(slot)?.receiver, wait: (slot, ms) => mixer.wait(slot, ms), exit: () => mixer.delay }, life.signal)
    pc.addEventListener('connectionstatechange', () => this.changed(connection), { signal: life.signal })
    pc.addEventListener('iceconnectionstatechange', () => this.changed(connection), { signal: life.signal })
    return connection
  }

  private wishes(): RTCConfiguration {
    return { bundlePolicy: 'max-bundle', rtcpMuxPolicy: 'require', iceServers: this.lastResort ? [...this.relays] : [] }
  }

  private send(source: Source): void {
    const transceiver = this.connection?.senders.get(source)
    // Fails only when the connection closed meanwhile; the next one takes the track when it is built.
    transceiver?.sender.replaceTrack(this.parts.own.sent(source) ?? null).catch(() => undefined)
    this.sending.adjust(source)
  }

  private drop(): void {
    const connection = this.connection
    if (!connection) return
    this.connection = undefined
    this.sending.over(undefined)
    connection.life.abort()
    connection.pc.close()
    for (const slot of slotNames) this.parts.mixer.unplug(slot)
    this.parts.slots.empty()
  }

  // ---- repairing ----------------------------------------------------------------------------------------------------

  private repair(what: Exclude<Repair, 'none'>): void {
    if (!this.started) return
    if (this.wanted !== 'rebuild') this.wanted = what
    if (this.state === 'connected') this.become('restoring')
    this.work()
  }

  /** One exchange at a time, not more often than the node likes, and only while the line is there. */
  private work(): void {
    if (this.working || !this.started || this.wanted === 'none' || !this.admitted) return
    const wait = this.last === 0 ? 0 : this.last + Math.min(8, 2 ** this.failures) * atMostEach - Date.now()
    clearTimeout(this.timer)
    if (wait > 0) {
      this.timer = setTimeout(() => this.work(), wait)
      return
    }
    const what = this.wanted
    this.wanted = 'none'
    this.last = Date.now()
    this.working = true
    void this.exchange(what).then((next) => {
      this.working = false
      if (!this.started) return
      if (next !== 'none' && this.wanted !== 'rebuild') this.wanted = next
      if (this.wanted !== 'none') this.work()
      // A restart that never lost the line changes no state of the connection: nothing else would tell.
      else if (this.connection) this.changed(this.connection)
    })
  }

  private async exchange(what: Repair): Promise<Repair> {
    if (what === 'rebuild') this.drop()
    const connection = this.connection ??= this.build()
    try {
      await connection.offered
      if (connection.done) {
        connection.pc.setConfiguration(this.wishes())
        await connection.pc.setLocalDescription(await connection.pc.createOffer({ iceRestart: true }))
      }
      const answer = await this.parts.line.ask('media.offer', this.offer(connection))
      if (this.connection !== connection) return 'none'
      if (answer instanceof Refusal) return this.refused(answer, connection)
      if (!('sdp' in answer)) return 'none'
      // Another certificate or other streams: the node knows nothing of this connection's keys.
      if (connection.done && (fingerprint(answer.sdp) !== fingerprint(connection.answer) || sourceNumbers(answer.sdp) !== sourceNumbers(connection.answer))) return 'rebuild'
      connection.answer = this.answered = answer.sdp
      await connection.pc.setRemoteDescription({ type: 'answer', sdp: this.shaped(answer.sdp) })
      connection.done = true
      this.mix()
      this.expect(connection)
      return 'none'
    } catch {
      // A description that this state of the connection cannot take: a new connection can.
      this.failures++
      return this.connection === connection ? 'rebuild' : 'none'
    }
  }

  private shaped(answer: string): string {
    const sdp = inFirefox ? unpaired(opusWishes(answer)) : opusWishes(answer)
    return this.losses.wanted ? copiesFirst(sdp) : sdp
  }

  /** Sends the voice with copies, or without: the same answer in another order, which the node need not hear of. */
  private async shape(): Promise<void> {
    const connection = this.connection
    if (!connection?.done || this.working || this.wanted !== 'none') return // the next answer is shaped anyway
    if (copiesFirst(connection.answer) === connection.answer) return // this browser has no copies
    this.working = true
    try {
      await connection.pc.setLocalDescription()
      await connection.pc.setRemoteDescription({ type: 'answer', sdp: this.shaped(connection.answer) })
    } catch {
      if (this.connection === connection) this.wanted = 'restart'
    }
    this.working = false
    if (this.started && this.wanted !== 'none') this.work()
  }

  private refused(why: Refusal, connection: Connection): Repair {
    if (why.code === 'network') return connection.done ? 'restart' : 'rebuild' // the line is coming back; then again
    if (why.code === 'not-admitted') { // the room says when that changes
      this.started = false
      this.become('idle')
      return 'none'
    }
    this.failures++
    return 'rebuild'
  }

  private offer({ pc, senders, slots }: Connection) {
    const named = <V>(of: Iterable<[V, RTCRtpTransceiver]>) =>
      Object.fromEntries([...of].flatMap(([name, { mid }]) => mid === null ? [] : [[mid, name] as const]))
    return { sdp: withoutCandidates(pc.localDescription?.sdp ?? ''), sources: named(senders), slots: named(slots) }
  }

  /** An exchange that leads nowhere must not be the last. */
  private expect(connection: Connection): void {
    clearTimeout(this.timer)
    const direct = !this.lastResort && this.relays.length > 0
    const connected = () => this.connection !== connection || connection.pc.connectionState === 'connected'
    const giveUp = () => {
      if (connected()) return
      this.failures++
      this.repair('rebuild')
    }
    this.timer = setTimeout(() => {
      if (!direct || connected()) return giveUp()
      if (connection.pc.iceConnectionState === 'connected') { // there is a way; only the keys take their time
        this.timer = setTimeout(giveUp, givesUpAfter - lastResortAfter)
        return
      }
      this.lastResort = true
      this.repair('restart')
    }, direct ? lastResortAfter : givesUpAfter)
  }

  private changed(connection: Connection): void {
    if (this.connection !== connection || !this.started) return
    const { connectionState, iceConnectionState } = connection.pc
    if (connectionState === 'connected' && iceConnectionState !== 'disconnected') {
      this.failures = 0
      if (this.working || this.wanted !== 'none') return
      clearTimeout(this.timer)
      void this.learnWay(connection)
      this.become('connected')
    } else if (connectionState === 'failed' || iceConnectionState === 'failed') {
      this.repair(connectionState === 'failed' && iceConnectionState !== 'failed' ? 'rebuild' : 'restart')
    } else if (iceConnectionState === 'disconnected') {
      clearTimeout(this.timer)
      this.timer = setTimeout(() => { if (connection.pc.iceConnectionState === 'disconnected') this.repair('restart') }, patience)
    }
  }

  /** Firefox tells by its statistics only. */
  private async learnWay({ pc, life }: Connection): Promise<void> {
    const known = told(pc)
    if (known !== undefined) return void (this.direct = known)
    const counted = await Promise.race([pc.getStats().catch(() => undefined), ended(life.signal)])
    const all: RTCStats[] = []
    counted?.forEach((one: RTCStats) => all.push(one))
    if (!life.signal.aborted) this.direct = straight(all)
  }

  private become(state: CallState): void {
    if (this.state === state) return
    this.state = state
    this.news.tell('state', state)
  }

  // ---- hearing ------------------------------------------------------------------------------------------------------

  /** Each slot at the level at which the rules say that its person is heard; an empty one is silent. */
  mix(): void {
    const { slots, mixer } = this.parts
    const heard = this.parts.heard()
    for (const slot of slotNames) {
      if (isPicture(slot)) continue
      const seat = slots.seats.find((one) => one.slot === slot)
      const track = this.connection?.slots.get(slot)?.receiver.track
      if (seat && track && !mixer.has(slot)) mixer.plug(slot, track)
      if (seat) mixer.voice(slot, seat.member)
      const level = seat && heard.find((one) => one.member === seat.member && one.sound === seat.source)?.level
      mixer.level(slot, (level ?? 0) / 100)
    }
  }
}

// Opus with or without copies of what went before; what else a browser has would only make the offer longer.
const sounds = /^audio\/(opus|red)$/i

/** What a node reads or writes. Others only make the offer longer. The dependency descriptor is off unless asked for. */
const extensions = /sdes:mid$|rtp-stream-id$|abs-send-time$|transport-wide-cc|ssrc-audio-level$|dependency-descriptor|video-orientation$/

function prepareCodecs(transceiver: RTCRtpTransceiver, kind: 'audio' | 'video'): void {
  const all = RTCRtpReceiver.getCapabilities(kind)?.codecs ?? []
  const wanted = kind === 'audio' ? all.filter((codec) => sounds.test(codec.mimeType)) : pictureCodecs(all)
  try {
    if (wanted.length > 0) transceiver.setCodecPreferences(wanted)
  } catch {
    // An older browser that cannot choose offers all.
  }
  type Extension = { uri: string; direction: string }
  const chooser = transceiver as RTCRtpTransceiver & { getHeaderExtensionsToNegotiate?: () => Extension[]; setHeaderExtensionsToNegotiate?: (all: Extension[]) => void }
  if (!chooser.getHeaderExtensionsToNegotiate || !chooser.setHeaderExtensionsToNegotiate) return
  try {
    chooser.setHeaderExtensionsToNegotiate(chooser.getHeaderExtensionsToNegotiate().map(({ uri, direction }) => ({
      uri, direction: uri.endsWith('sdes:mid') ? direction : extensions.test(uri) ? 'sendrecv' : 'stopped',
    })))
  } catch {
    // The browser's own choice does too; only the descriptor is missing then.
  }
}

/** Nothing, when the connection ends: Firefox never answers for the statistics of one that is closed meanwhile. */
const ended = (life: AbortSignal): Promise<undefined> => new Promise((over) => {
  if (life.aborted) over(undefined)
  life.addEventListener('abort', () => over(undefined), { once: true })
})
