// My own microphone, camera and screen: which devices, whether on, and what is wrong with them.
import type { Role, Source } from '../protocol.ts'
import type { Gate } from './gate.ts'
import { News } from './news.ts'

export type Fault = 'blocked' | 'none' | 'busy'
export type DeviceKind = 'microphone' | 'camera' | 'loudspeaker'

export interface Device {
  readonly id: string
  readonly label: string
}

/** What I want; kept in this browser. */
interface Wishes {
  microphone?: string
  camera?: string
  loudspeaker?: string
  processing?: boolean // echo cancellation, noise suppression, gain control
}

export interface OwnNews {
  track: Source // this source's track is another one, or none
  changed: undefined // devices, faults, on or off
}

const kindOf = { microphone: 'audioinput', camera: 'videoinput', loudspeaker: 'audiooutput' } as const

export class OwnMedia {
  readonly news = new News<OwnNews>()
  readonly tracks = new Map<Source, MediaStreamTrack>()
  readonly faults = new Map<'microphone' | 'camera', Fault>()
  /** On or off as I want it, whatever the device can do. */
  microphoneOn = true
  cameraOn = true
  devices: Readonly<Record<DeviceKind, readonly Device[]>> = { microphone: [], camera: [], loudspeaker: [] }
  opened = false

  private readonly wishes: Wishes
  private readonly head: boolean
  private readonly interpreter: boolean
  private readonly signal: AbortSignal
  private groups = new Map<DeviceKind, string>()
  private gate: Gate | undefined

  constructor(role: Role, signal: AbortSignal) {
    this.signal = signal
    this.head = role === 'head'
    this.interpreter = role === 'interpreter'
    this.wishes = stored()
    if (!navigator.mediaDevices) return
    navigator.mediaDevices.addEventListener('devicechange', () => void this.devicesChanged(), { signal })
    signal.addEventListener('abort', () => { for (const track of this.tracks.values()) track.stop() }, { once: true })
  }

  get processing(): boolean {
    return this.wishes.processing ?? !this.interpreter
  }

  chosen(kind: DeviceKind): string {
    return this.wishes[kind] ?? 'default'
  }

  /** Nothing can come from the microphone: it is gone, or the system or a switch that it knows of has muted it. */
  get speechless(): boolean {
    const track = this.tracks.get('microphone')
    return track === undefined || track.readyState === 'ended' || track.muted
  }

  /** What is sent of a source: the microphone of a booth goes through its gate. */
  sent(source: Source): MediaStreamTrack | undefined {
    return source === 'microphone' && this.gate && this.tracks.has(source) ? this.gate.track : this.tracks.get(source)
  }

  /** Puts a gate behind the microphone, or takes it away. */
  guard(gate: Gate | undefined): void {
    if (this.gate === gate) return
    this.gate?.feed(undefined)
    this.gate = gate
    this.gate?.feed(this.tracks.get('microphone'))
    const track = this.tracks.get('microphone')
    if (track) track.enabled = gate !== undefined || this.microphoneOn
    this.news.tell('track', 'microphone')
  }

  /** Opens both with one question to the person; what cannot be had is a fault, not an error. */
  async open(): Promise<void> {
    try {
      const both = await navigator.mediaDevices.getUserMedia({ audio: this.sound(), video: this.picture() })
      for (const track of both.getTracks()) this.take(track.kind === 'audio' ? 'microphone' : 'camera', track)
    } catch {
      await Promise.all([this.reopen('microphone'), this.reopen('camera')])
    }
    this.opened = true
    await this.list()
  }

  /** Opens one anew: after a change of device, a fault, or for the camera after it was off. */
  async reopen(kind: 'microphone' | 'camera'): Promise<void> {
    try {
      if (!navigator.mediaDevices) throw new DOMException('', 'NotFoundError')
      const stream = await navigator.mediaDevices.getUserMedia(kind === 'microphone' ? { audio: this.sound() } : { video: this.picture() })
      const track = stream.getTracks()[0]
      if (track) this.take(kind, track)
    } catch (error) {
      this.lose(kind)
      this.faults.set(kind, faultOf(error))
    }
    this.changed()
  }

  async choose(kind: DeviceKind, id: string): Promise<void> {
    this.wishes[kind] = id
    this.store()
    if (kind === 'microphone' || kind === 'camera' && this.cameraOn) await this.reopen(kind)
    this.changed()
  }

  async setProcessing(on: boolean): Promise<void> {
    this.wishes.processing = on
    this.store()
    await this.reopen('microphone')
  }

  /** My voice for my side alone: a copy of the microphone's track, which goes its own way while the microphone is off. */
  setWhisper(on: boolean): void {
    const microphone = this.tracks.get('microphone')
    if (on === this.tracks.has('whisper') || on && !microphone) return
    if (!on || !microphone) return this.lose('whisper')
    const copy = microphone.clone()
    copy.enabled = true
    this.put('whisper', copy)
  }

  setMicrophone(on: boolean): void {
    this.microphoneOn = on
    const track = this.tracks.get('microphone')
    if (track) track.enabled = on || this.gate !== undefined
    else if (on) void this.reopen('microphone')
    this.changed()
  }

  /** Off stops the device, so that its lamp goes out. */
  async setCamera(on: boolean): Promise<void> {
    this.cameraOn = on
    if (!on) this.lose('camera')
    this.changed()
    if (on && !this.tracks.has('camera')) await this.reopen('camera')
  }

  /** Asks which screen or window to show; false when the person changed their mind. */
  async shareScreen(): Promise<boolean> {
    try {
      const stream = await navigator.mediaDevices.getDisplayMedia({ video: { frameRate: { ideal: 15, max: 30 } }, audio: true })
      const [picture] = stream.getVideoTracks()
      const [sound] = stream.getAudioTracks()
      if (!picture) return false
      picture.contentHint = 'detail'
      this.put('screen', picture)
      if (sound) this.put('screen-sound', sound)
      picture.addEventListener('ended', () => this.stopScreen(), { signal: this.signal })
      this.changed()
      return true
    } catch {
      return false
    }
  }

  stopScreen(): void {
    this.lose('screen')
    this.lose('screen-sound')
    this.changed()
  }

  private take(kind: 'microphone' | 'camera', track: MediaStreamTrack): void {
    if (this.signal.aborted || kind === 'camera' && !this.cameraOn) return track.stop()
    this.faults.delete(kind)
    if (kind === 'microphone') track.enabled = this.microphoneOn || this.gate !== undefined
    const { groupId } = track.getSettings()
    if (groupId !== undefined) this.groups.set(kind, groupId)
    // Pulled out, or taken away by the system: the next best device takes over.
    track.addEventListener('ended', () => {
      if (this.tracks.get(kind) !== track) return
      this.changed()
      void this.reopen(kind)
    }, { signal: this.signal })
    track.addEventListener('mute', () => this.changed(), { signal: this.signal })
    track.addEventListener('unmute', () => this.changed(), { signal: this.signal })
    this.put(kind, track)
    if (kind === 'microphone' && this.tracks.has('whisper')) { // another device: the whisper goes on from it
      this.lose('whisper')
      this.setWhisper(true)
    }
    this.changed()
  }

  private put(source: Source, track: MediaStreamTrack): void {
    this.tracks.get(source)?.stop()
    this.tracks.set(source, track)
    if (source === 'microphone') this.gate?.feed(track)
    this.news.tell('track', source)
  }

  private lose(source: Source): void {
    const track = this.tracks.get(source)
    if (!track) return
    this.tracks.delete(source)
    track.stop()
    this.news.tell('track', source)
  }

  private changed(): void {
    this.news.tell('changed', undefined)
  }

  private sound(): MediaTrackConstraints {
    const on = this.processing
    return { deviceId: { ideal: this.chosen('microphone') }, echoCancellation: on, noiseSuppression: on, autoGainControl: on, channelCount: 1, sampleRate: 48_000 }
  }

  private picture(): MediaTrackConstraints {
    const [width, height] = this.head ? [1280, 720] : [640, 360]
    const device = this.chosen('camera')
    return { ...(device === 'default' ? {} : { deviceId: { ideal: device } }), width: { ideal: width }, height: { ideal: height }, frameRate: { ideal: 30, max: 30 } }
  }

  private async list(): Promise<void> {
    try {
      const all = await navigator.mediaDevices.enumerateDevices()
      const of = (kind: DeviceKind) => all
        .filter((device) => device.kind === kindOf[kind] && device.deviceId !== '')
        .map((device) => ({ id: device.deviceId, label: device.label }))
      this.devices = { microphone: of('microphone'), camera: of('camera'), loudspeaker: of('loudspeaker') }
      this.defaults = all.filter((device) => device.deviceId === 'default')
    } catch {
      // A browser that lists nothing: what is open stays open.
    }
    this.changed()
  }

  private defaults: readonly MediaDeviceInfo[] = []

  /** A headset that is plugged in becomes the system's default: who has chosen nothing follows it, in the middle of a word. */
  private async devicesChanged(): Promise<void> {
    await this.list()
    if (!this.opened) return
    const now = this.defaults.find((device) => device.kind === 'audioinput')?.groupId
    const following = this.chosen('microphone') === 'default' && now !== undefined && now !== this.groups.get('microphone')
    const back = (kind: 'microphone' | 'camera') => this.faults.get(kind) !== undefined && this.faults.get(kind) !== 'blocked'
      || this.chosen(kind) !== 'default' && this.devices[kind].some((device) => device.id === this.chosen(kind)) && this.tracks.get(kind)?.getSettings().deviceId !== this.chosen(kind)
    if (following || back('microphone')) await this.reopen('microphone')
    if (this.cameraOn && back('camera')) await this.reopen('camera')
  }

  private store(): void {
    try {
      localStorage.setItem('devices', JSON.stringify(this.wishes))
    } catch {
      // Storage is forbidden in some browsers; the choice then lasts as long as the page.
    }
  }
}

function faultOf(error: unknown): Fault {
  const name = error instanceof DOMException ? error.name : ''
  if (name === 'NotAllowedError' || name === 'SecurityError') return 'blocked'
  return name === 'NotReadableError' || name === 'AbortError' ? 'busy' : 'none'
}

function stored(): Wishes {
  try {
    const found: unknown = JSON.parse(localStorage.getItem('devices') ?? '{}')
    if (typeof found !== 'object' || found === null) return {}
    const text = (name: string): string | undefined => {
      const value: unknown = Reflect.get(found, name)
      return typeof value === 'string' ? value : undefined
    }
    const out: Wishes = {}
    for (const kind of ['microphone', 'camera', 'loudspeaker'] as const) {
      const id = text(kind)
      if (id !== undefined) out[kind] = id
    }
    const processing: unknown = Reflect.get(found, 'processing')
    if (typeof processing === 'boolean') out.processing = processing
    return out
  } catch {
    return {}
  }
}
