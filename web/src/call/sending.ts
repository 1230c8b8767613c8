// What my senders send: which sizes, by who watches; in which codec, by what everybody has and this machine does well.
import type { Codec, Send, Source } from '../protocol.ts'
import { choose, chooseForScreen, codecs, formsOf, hardware, mimeOf, type Form } from './codecs.ts'
import { encodingsOf } from './encodings.ts'
import type { OwnMedia } from './own.ts'
import type { Role } from '../protocol.ts'
import { scaled } from './scale.ts'

/** Where a technician, or a test, names the codec of this browser's camera: localStorage.codec = 'vp9'. */
const wishKey = 'codec'
const lookEach = 5_000
const tiredShare = 0.5 // of the time since the last look in which the processor held the picture back

/** What is sent in a codec of our choice. */
type Chosen = 'camera' | 'screen'
const chosen = (source: Source): source is Chosen => source === 'camera' || source === 'screen'

type Senders = ReadonlyMap<Source, RTCRtpTransceiver>
type Encoding = RTCRtpEncodingParameters & { codec?: unknown; scalabilityMode?: string }

export class Sending {
  private senders: Senders | undefined
  private readonly own: OwnMedia
  private readonly role: Role
  private readonly watched = new Map<Source, Send>() // as the node said last; absent: everything is wanted
  private setting: Promise<void> = Promise.resolve()
  private hardware: ReadonlySet<Codec> = new Set()
  private readonly tired = new Set<Chosen>() // for which the processor did not keep up
  private readonly held = new Map<Chosen, number>() // seconds in which the processor held it back, as counted at the last look
  private nodes: Codec | undefined // as the node is configured
  private fixed = false // this browser cannot change its codec without a new offer

  constructor(own: OwnMedia, role: Role, signal: AbortSignal) {
    this.own = own
    this.role = role
    void hardware().then((found) => {
      this.hardware = found
      this.adjust('camera')
    })
    addEventListener('storage', ({ key }) => { if (key === wishKey) this.adjust('camera') }, { signal })
    const look = setInterval(() => void this.look().catch(() => undefined), lookEach) // fails where the connection closed meanwhile
    signal.addEventListener('abort', () => clearInterval(look), { once: true })
  }

  /** The codec that the node wishes cameras in. */
  prefer(codec: Codec | undefined): void {
    if (this.nodes === codec) return
    this.nodes = codec
    this.adjust('camera')
  }

  /** A new connection, or none: it begins with VP8, and everything is wanted. */
  over(senders: Senders | undefined): void {
    this.senders = senders
    this.watched.clear()
    this.tired.clear()
    this.held.clear()
  }

  /** What nobody watches is not sent. */
  watch(what: Send): void {
    this.watched.set(what.source, what)
    this.adjust(what.source)
  }

  /** A sender's parameters are changed one after the other, since each change reads them first. */
  adjust(source: Source): void {
    const senders = this.senders
    const sender = senders?.get(source)?.sender
    if (!sender) return
    this.setting = this.setting.then(async () => {
      if (this.senders !== senders) return
      if (!chosen(source) || !await this.form(source, sender)) await this.size(source, sender)
    }).catch(() => undefined) // the connection closed meanwhile; the next one begins with everything
  }

  /** Puts a camera or a screen in the codec that fits best, and says whether this browser lets it. */
  private async form(source: Chosen, sender: RTCRtpSender): Promise<boolean> {
    const parameters = sender.getParameters()
    const encodings = parameters.encodings as Encoding[]
    const watched = this.watched.get(source)
    const tired = this.tired.has(source)
    const formats = (parameters as { codecs?: { mimeType: string }[] }).codecs ?? []
    const formatOf = (name: Codec) => formats.find((one) => one.mimeType.toLowerCase() === `video/${mimeOf[name]}`.toLowerCase())
    // Who sees a screen is told after it has begun; until then nobody does, so it begins in what it is likely to stay in.
    const name = source === 'screen' ? chooseForScreen((watched?.codecs ?? codecs).filter(formatOf), tired)
      : choose(watched?.codecs ?? ['vp8'], { hardware: this.hardware, tired }, wish() ?? this.nodes)
    if (this.fixed || name === 'vp8' && encodings.every((one) => one.codec === undefined)) return false
    const codec = formatOf(name)
    if (!codec) return false
    const formed = (as: Codec) => formsOf(as, encodingsOf(source, this.role), this.own.tracks.get(source)?.getSettings().height, watched?.layers)
    const forms = formed(name)
    if (encodings.every((one, n) => same(one, forms[n]) && (one.codec as { mimeType: string } | undefined)?.mimeType === codec.mimeType)) return true
    encodings.forEach((one, n) => Object.assign(one, forms[n], { codec }))
    await sender.setParameters(parameters)
    const now = sender.getParameters()
    this.fixed = (now.encodings[0] as Encoding | undefined)?.codec === undefined
    if (this.fixed) { // it took the form and not the codec
      now.encodings.forEach((one, n) => Object.assign(one, formed('vp8')[n]))
      await sender.setParameters(now)
    }
    return true
  }

  /** Sizes by the camera that is there and by who watches. */
  private async size(source: Source, sender: RTCRtpSender): Promise<void> {
    const parameters = sender.getParameters()
    const now = scaled(parameters.encodings.length, this.own.tracks.get(source)?.getSettings().height, this.watched.get(source)?.layers)
    if (parameters.encodings.every((one, n) => one.active === now[n]?.active && (now.length === 1 || (one.scaleResolutionDownBy ?? 1) === now[n]?.scaleResolutionDownBy))) return
    parameters.encodings.forEach((one, n) => Object.assign(one, { active: now[n]?.active ?? true }, now.length > 1 ? { scaleResolutionDownBy: now[n]?.scaleResolutionDownBy ?? 1 } : {}))
    await sender.setParameters(parameters)
  }

  /** Whether the processor keeps up, where there would be something to be done. */
  private async look(): Promise<void> {
    if (this.hardware.has('h264')) await this.lookAt('camera')
    await this.lookAt('screen')
  }

  private async lookAt(source: Chosen): Promise<void> {
    const sender = this.senders?.get(source)?.sender
    if (!sender?.track || this.tired.has(source)) return
    let held = 0
    for (const one of (await sender.getStats()).values() as Iterable<RTCOutboundRtpStreamStats & { qualityLimitationDurations?: Record<string, number> }>) {
      if (one.type === 'outbound-rtp') held = Math.max(held, one.qualityLimitationDurations?.['cpu'] ?? 0)
    }
    const before = this.held.get(source) ?? 0
    this.held.set(source, held)
    if (before === 0 || held - before <= tiredShare * lookEach / 1000) return
    this.tired.add(source)
    this.adjust(source)
  }
}

function same(one: Encoding, form: Form | undefined): boolean {
  return form !== undefined && one.active === form.active && (!form.active || (one.scaleResolutionDownBy ?? 1) === form.scaleResolutionDownBy
    && one.scalabilityMode === form.scalabilityMode && one.maxBitrate === form.maxBitrate)
}

function wish(): Codec | undefined {
  try {
    return codecs.find((codec) => codec === localStorage.getItem(wishKey))
  } catch {
    return undefined // storage is forbidden in some browsers
  }
}
