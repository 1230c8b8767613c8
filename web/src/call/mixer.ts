// What I hear: every sound goes through its own gain onto one bus, the bus through a limiter to the loudspeaker.
import { News } from './news.ts'

export const fade = 0.15 // seconds, for every change of level
const ceiling = -3 // dBFS
// A compressor of ratio 20 raises what is below its threshold by (1/its gain at 0 dBFS)^0.6 (Web Audio, "makeup gain"); taken back behind it.
const makeup = 10 ** (0.6 * (-ceiling + ceiling / 20) / 20)

export interface MixerNews {
  running: boolean
}

interface Input {
  readonly source: MediaStreamAudioSourceNode
  readonly gain: GainNode
  readonly pull: HTMLAudioElement
}

export class Mixer {
  readonly news = new News<MixerNews>()
  readonly context = new AudioContext({ sampleRate: 48_000, latencyHint: 'interactive' })
  private readonly bus = new GainNode(this.context)
  private readonly analyser = new AnalyserNode(this.context, { fftSize: 8192, smoothingTimeConstant: 0 })
  private readonly inputs = new Map<string, Input>()
  private readonly levels = new Map<string, number>()
  private readonly exit: GainNode
  private detour: { node: MediaStreamAudioDestinationNode; element: HTMLAudioElement } | undefined

  constructor(signal: AbortSignal) {
    const limiter = new DynamicsCompressorNode(this.context, { threshold: ceiling, knee: 0, ratio: 20, attack: 0.003, release: 0.1 })
    this.exit = new GainNode(this.context, { gain: 1 / makeup })
    this.bus.connect(limiter).connect(this.exit).connect(this.context.destination)
    this.exit.connect(this.analyser)
    this.context.addEventListener('statechange', () => this.news.tell('running', this.running), { signal })
    // A browser that wants a gesture before sound gets it from whatever is pressed first.
    for (const gesture of ['pointerdown', 'keydown'] as const) addEventListener(gesture, () => void this.resume(), { signal, capture: true })
    signal.addEventListener('abort', () => {
      for (const name of [...this.inputs.keys()]) this.unplug(name)
      void this.context.close()
    }, { once: true })
  }

  get running(): boolean {
    return this.context.state === 'running'
  }

  async resume(): Promise<void> {
    if (this.context.state === 'closed' || this.running) return
    await this.context.resume().catch(() => undefined)
  }

  /** Puts a slot's track onto the bus, at the level that was last set for it. */
  plug(name: string, track: MediaStreamTrack): void {
    this.unplug(name)
    const stream = new MediaStream([track])
    // Chromium gives a remote track's sound to Web Audio only while an element pulls it.
    const pull = new Audio()
    pull.muted = true
    pull.srcObject = stream
    pull.play().catch(() => undefined)
    const source = new MediaStreamAudioSourceNode(this.context, { mediaStream: stream })
    const gain = new GainNode(this.context, { gain: 0 })
    source.connect(gain).connect(this.bus)
    this.inputs.set(name, { source, gain, pull })
    this.level(name, this.levels.get(name) ?? 0)
  }

  has(name: string): boolean {
    return this.inputs.has(name)
  }

  unplug(name: string): void {
    const input = this.inputs.get(name)
    if (!input) return
    this.inputs.delete(name)
    input.source.disconnect()
    input.gain.disconnect()
    input.pull.srcObject = null
  }

  /** 0 is silent, 1 as it was sent; always by a fade, so nothing jumps or clicks. */
  level(name: string, to: number): void {
    this.levels.set(name, to)
    const gain = this.inputs.get(name)?.gain.gain
    if (!gain) return
    const now = this.context.currentTime
    gain.cancelScheduledValues(now)
    gain.setValueAtTime(gain.value, now)
    gain.linearRampToValueAtTime(to, now + fade)
  }

  /** Sends the bus to a headset or loudspeaker. Where the context cannot be sent (Firefox), an element takes the detour. */
  async sendTo(device: string): Promise<void> {
    const id = device === 'default' ? '' : device
    const context = this.context as AudioContext & { setSinkId?: (id: string) => Promise<void> }
    try {
      if (context.setSinkId) return await context.setSinkId(id)
      if (id === '' && !this.detour) return
      if (!this.detour) {
        const node = new MediaStreamAudioDestinationNode(this.context)
        const element = new Audio()
        element.srcObject = node.stream
        this.detour = { node, element }
        this.exit.disconnect(this.context.destination)
        this.exit.connect(node)
        await element.play()
      }
      await this.detour.element.setSinkId(id)
    } catch {
      // The device has gone meanwhile: the sound stays where it was.
    }
  }

  /** Two soft tones to find out whether the loudspeaker is heard. */
  async testTone(): Promise<void> {
    await this.resume()
    const start = this.context.currentTime + 0.05
    for (const [index, hz] of [523.25, 659.25].entries()) {
      const at = start + index * 0.45
      const gain = new GainNode(this.context, { gain: 0 })
      const tone = new OscillatorNode(this.context, { frequency: hz })
      gain.gain.setValueAtTime(0, at)
      gain.gain.linearRampToValueAtTime(0.25, at + 0.04)
      gain.gain.linearRampToValueAtTime(0, at + 0.42)
      tone.connect(gain).connect(this.bus)
      tone.start(at)
      tone.stop(at + 0.45)
    }
  }

  /** The strongest frequency on the bus, and its level: what tells a test who is heard, and how loud. */
  peak(): { hz: number; db: number } {
    const bins = new Float32Array(this.analyser.frequencyBinCount)
    this.analyser.getFloatFrequencyData(bins)
    let best = 1
    for (let bin = 2; bin < bins.length; bin++) if ((bins[bin] ?? -Infinity) > (bins[best] ?? -Infinity)) best = bin
    return { hz: best * this.context.sampleRate / this.analyser.fftSize, db: bins[best] ?? -Infinity }
  }
}
