// What I hear: every sound goes through its own gains onto one bus, the bus through tone controls and a limiter to the loudspeaker.
import { Evenness } from './evenness.ts'
import { equalPower, fade, guard, powerAt } from './fade.ts'
import { inFirefox } from './firefox.ts'
import { News } from './news.ts'

const listenEach = 100 // ms
const ceiling = -3 // dBFS
const mostWait = 0.5 // s, of a sound for its picture
const edge = 0.005 // s, of a cut that nobody hears
// A compressor of ratio 20 raises what is below its threshold by (1/its gain at 0 dBFS)^0.6 (Web Audio, "makeup gain"); taken back behind it.
const makeup = 10 ** (0.6 * (-ceiling + ceiling / 20) / 20)

export interface MixerNews {
  running: boolean
}

interface Input {
  readonly source: MediaStreamAudioSourceNode
  readonly ear: AnalyserNode
  readonly wait: DelayNode // for the person's picture
  readonly gate: GainNode // shut for a moment where the wait changes
  readonly even: GainNode // evens out how loud people are
  readonly gain: GainNode // the level at which I hear them
  readonly pull: HTMLAudioElement
  from: number // the fade that is going on, or was last
  to: number
  since: number
}

/**
 * Firefox asks the sound server while it holds the lock of its own audio thread, and the server waits for that thread: the
 * whole page stands still for good. So Firefox is not asked for outputLatency; what its buffers are made for is taken instead.
 */
const usualDelay = 50

/** How the whole sounds; decibels. */
export interface Tone {
  readonly volume: number
  readonly bass: number
  readonly treble: number
}

export class Mixer {
  readonly news = new News<MixerNews>()
  // At another rate than the loudspeaker's Firefox puts a buffer of 100 ms and more between the call and here.
  readonly context = new AudioContext({ latencyHint: 'interactive', ...(inFirefox ? {} : { sampleRate: 48_000 }) })
  private readonly bus = new GainNode(this.context)
  private readonly volume = new GainNode(this.context)
  private readonly bass = new BiquadFilterNode(this.context, { type: 'lowshelf', frequency: 200 })
  private readonly treble = new BiquadFilterNode(this.context, { type: 'highshelf', frequency: 3_500 })
  private readonly analyser = new AnalyserNode(this.context, { fftSize: 8192, smoothingTimeConstant: 0 })
  private readonly inputs = new Map<string, Input>()
  private readonly levels = new Map<string, number>()
  private readonly waits = new Map<string, number>() // seconds
  private readonly speakers = new Map<string, string>() // who is in a slot
  private readonly evenness = new Map<string, Evenness>() // by person, whatever slot they come to
  private readonly samples = new Float32Array(2048)
  private evening = false
  private readonly exit: WaveShaperNode
  private detour: { node: MediaStreamAudioDestinationNode; element: HTMLAudioElement } | undefined

  constructor(signal: AbortSignal) {
    const limiter = new DynamicsCompressorNode(this.context, { threshold: ceiling, knee: 0, ratio: 20, attack: 0.003, release: 0.1 })
    // The limiter lets the first milliseconds of a shout through; the guard behind it lets nothing through.
    this.exit = new WaveShaperNode(this.context, { curve: guard() })
    this.bus.connect(this.volume).connect(this.bass).connect(this.treble).connect(limiter)
    limiter.connect(new GainNode(this.context, { gain: 1 / makeup })).connect(this.exit).connect(this.context.destination)
    this.exit.connect(this.analyser)
    const timer = setInterval(() => this.listen(), listenEach)
    signal.addEventListener('abort', () => clearInterval(timer), { once: true })
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

  /** How long the sound takes from here to the ear, in ms. */
  get delay(): number {
    if (inFirefox) return usualDelay
    return ((this.context.baseLatency || 0) + (this.context.outputLatency || 0)) * 1000
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
    const ear = new AnalyserNode(this.context, { fftSize: this.samples.length })
    const wait = new DelayNode(this.context, { maxDelayTime: mostWait, delayTime: this.waits.get(name) ?? 0 })
    const gate = new GainNode(this.context)
    const even = new GainNode(this.context)
    const gain = new GainNode(this.context, { gain: 0 })
    source.connect(ear)
    source.connect(wait).connect(gate).connect(even).connect(gain).connect(this.bus)
    const input: Input = { source, ear, wait, gate, even, gain, pull, from: 0, to: 0, since: 0 }
    this.inputs.set(name, input)
    this.fade(input, this.levels.get(name) ?? 0)
  }

  has(name: string): boolean {
    return this.inputs.has(name)
  }

  unplug(name: string): void {
    const input = this.inputs.get(name)
    if (!input) return
    this.inputs.delete(name)
    input.source.disconnect()
    input.wait.disconnect()
    input.gate.disconnect()
    input.even.disconnect()
    input.gain.disconnect()
    input.pull.srcObject = null
  }

  /** 0 is silent, 1 as it was sent; always by a fade, so nothing jumps or clicks. */
  level(name: string, to: number): void {
    if (this.levels.get(name) === to) return
    this.levels.set(name, to)
    const input = this.inputs.get(name)
    if (input) this.fade(input, to)
  }

  /** Lets a slot's sound wait so many ms for its picture, from now on. What would be heard twice is silent, what is left out goes by a short fade. */
  wait(name: string, ms: number): void {
    const [from, to] = [this.waits.get(name) ?? 0, Math.min(ms / 1000, mostWait)]
    this.waits.set(name, to)
    const input = this.inputs.get(name)
    if (!input || from === to) return
    const turn = this.context.currentTime + edge
    const { gain } = input.gate
    gain.cancelScheduledValues(0)
    gain.setValueAtTime(1, turn - edge)
    gain.linearRampToValueAtTime(0, turn)
    input.wait.delayTime.cancelScheduledValues(0)
    input.wait.delayTime.setValueAtTime(from, turn - edge)
    input.wait.delayTime.setValueAtTime(to, turn)
    gain.setValueAtTime(0, turn + Math.max(0, to - from))
    gain.linearRampToValueAtTime(1, turn + Math.max(0, to - from) + edge)
  }

  private fade(input: Input, to: number): void {
    const now = this.context.currentTime
    // Not every browser tells where a curve stands that is going on (Firefox).
    const from = powerAt(input.from, input.to, (now - input.since) / fade)
    Object.assign(input, { from, to, since: now })
    const { gain } = input.gain
    // Straight pieces, not a curve: Firefox refuses any event, and keeps the curve, while one is going on.
    gain.cancelScheduledValues(0)
    gain.setValueAtTime(from, now)
    const curve = equalPower(from, to)
    curve.forEach((value, n) => { if (n > 0) gain.linearRampToValueAtTime(value, now + fade * n / (curve.length - 1)) })
  }

  /** Says whose sound a slot carries. */
  voice(name: string, person: string): void {
    this.speakers.set(name, person)
  }

  /** Where people are interpreted, all are made about equally loud. */
  even(on: boolean): void {
    this.evening = on
  }

  private listen(): void {
    if (!this.running) return
    for (const [name, input] of this.inputs) {
      const person = this.speakers.get(name)
      if (person === undefined) continue
      let evenness = this.evenness.get(person)
      if (!evenness) this.evenness.set(person, evenness = new Evenness())
      input.ear.getFloatTimeDomainData(this.samples)
      let sum = 0
      for (const sample of this.samples) sum += sample * sample
      const gain = this.evening ? evenness.hear(Math.sqrt(sum / this.samples.length), listenEach / 1_000) : 0
      input.even.gain.setTargetAtTime(10 ** (gain / 20), this.context.currentTime, 0.05)
    }
  }

  /** An interpreter's volume, bass and treble. */
  tone({ volume, bass, treble }: Tone): void {
    const now = this.context.currentTime
    this.volume.gain.setTargetAtTime(10 ** (volume / 20), now, 0.02)
    this.bass.gain.setTargetAtTime(bass, now, 0.02)
    this.treble.gain.setTargetAtTime(treble, now, 0.02)
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

  /**
   * How loud given frequencies are on the bus, in dBFS of a sine, over the last 171 ms, and the highest sample of that time; `now` is over the last
   * 43 ms: less exact (multiples of 47 Hz are told apart), for how long something takes.
   */
  tones(frequencies: readonly number[]): { tones: number[]; now: number[]; peak: number; rms: number } {
    const bins = new Float32Array(this.analyser.frequencyBinCount)
    this.analyser.getFloatFrequencyData(bins)
    const width = this.context.sampleRate / this.analyser.fftSize
    const tones = frequencies.map((hz) => {
      const at = Math.round(hz / width)
      return Math.max(...bins.subarray(Math.max(0, at - 1), at + 2))
    })
    const samples = new Float32Array(this.analyser.fftSize)
    this.analyser.getFloatTimeDomainData(samples)
    let peak = 0
    for (const sample of samples) peak = Math.max(peak, Math.abs(sample))
    let sum = 0
    const last = samples.subarray(-960) // 20 ms
    for (const sample of last) sum += sample * sample
    return { tones, now: frequencies.map((hz) => toneIn(samples.subarray(-2048), hz / this.context.sampleRate)), peak: 20 * Math.log10(peak + 1e-9), rms: 10 * Math.log10(sum / last.length + 1e-12) }
  }
}

/** How loud a frequency (a part of the sampling rate) is in some samples under a Hann window, in dBFS of a sine. */
function toneIn(samples: Float32Array, frequency: number): number {
  let [re, im] = [0, 0]
  for (const [n, sample] of samples.entries()) {
    const weighed = sample * (1 - Math.cos(2 * Math.PI * n / samples.length))
    re += weighed * Math.cos(2 * Math.PI * frequency * n)
    im += weighed * Math.sin(2 * Math.PI * frequency * n)
  }
  return 20 * Math.log10(2 * Math.hypot(re, im) / samples.length + 1e-9)
}
