// How loud my own microphone is, and what follows from it: speaking while it is off, silence while it is on.
import type { SoundResult } from '../protocol.ts'
import { News } from './news.ts'
import { SoundCheck, type SoundFigures } from './soundcheck.ts'

export type Finding = 'none' | 'muted' | 'silent'

const speech = 0.02 // root mean square: about -34 dBFS, above keyboards and breath
const speechFor = 300 // ms of it within the last second
const tellFor = 4_000
const nothing = 0.0001 // peak: -80 dBFS; noise suppression leaves more than that of a living room, a dead microphone leaves zeros
const silentAfter = 5_000

/** Judges loudness over time. Pure: time is an argument. */
export class LoudnessWatch {
  private spoken: number[] = []
  private last = 0
  private toldUntil = 0
  private heard: number | undefined
  private step = 0

  judge(on: boolean, rms: number, peak: number, now: number): Finding {
    this.step = Math.min(200, this.last === 0 ? 0 : now - this.last)
    this.last = now
    return on ? this.whileOn(peak, now) : this.whileOff(rms, now)
  }

  private whileOff(rms: number, now: number): Finding {
    this.heard = undefined
    this.spoken = this.spoken.filter((at) => now - at < 1_000)
    if (rms >= speech) this.spoken.push(now)
    if (this.spoken.length * this.step >= speechFor) this.toldUntil = now + tellFor
    return now < this.toldUntil ? 'muted' : 'none'
  }

  private whileOn(peak: number, now: number): Finding {
    this.spoken = []
    this.toldUntil = 0
    if (this.heard === undefined || peak > nothing) this.heard = now
    return now - this.heard >= silentAfter ? 'silent' : 'none'
  }
}

export interface LoudnessNews {
  level: number // 0 to 1, for a meter
  finding: Finding
  checked: SoundResult // once for each microphone
  figures: SoundFigures // each 2 s in which something was said
}

const figuresEach = 40 // looks

/** Listens to a microphone beside what is sent, so that it hears also while the sending is off. */
export class Loudness {
  readonly news = new News<LoudnessNews>()
  private readonly context: AudioContext
  private readonly analyser: AnalyserNode
  private readonly watch = new LoudnessWatch()
  private readonly samples: Float32Array<ArrayBuffer>
  private source: MediaStreamAudioSourceNode | undefined
  private copy: MediaStreamTrack | undefined
  private readonly bins: Float32Array<ArrayBuffer>
  private check: SoundCheck | undefined // until it has a result
  private lately = new SoundCheck()
  private told: SoundResult | undefined
  private looks = 0
  private finding: Finding = 'none'

  constructor(context: AudioContext, isOn: () => boolean, signal: AbortSignal) {
    this.context = context
    this.analyser = new AnalyserNode(context, { fftSize: 2048 })
    this.samples = new Float32Array(this.analyser.fftSize)
    this.bins = new Float32Array(this.analyser.frequencyBinCount)
    const timer = setInterval(() => this.measure(isOn()), 50)
    signal.addEventListener('abort', () => {
      clearInterval(timer)
      this.listenTo(undefined)
    }, { once: true })
  }

  listenTo(track: MediaStreamTrack | undefined): void {
    this.source?.disconnect()
    this.copy?.stop()
    this.source = this.copy = undefined
    this.check = this.told = undefined
    if (!track || track.readyState === 'ended') return
    this.check = new SoundCheck()
    this.copy = track.clone()
    this.copy.enabled = true
    this.source = new MediaStreamAudioSourceNode(this.context, { mediaStream: new MediaStream([this.copy]) })
    this.source.connect(this.analyser)
  }

  private measure(on: boolean): void {
    if (!this.source || this.context.state !== 'running') return
    this.analyser.getFloatTimeDomainData(this.samples)
    let sum = 0
    let peak = 0
    for (const sample of this.samples) {
      sum += sample * sample
      peak = Math.max(peak, Math.abs(sample))
    }
    const rms = Math.sqrt(sum / this.samples.length)
    // From -60 dBFS, nothing, to -6 dBFS, full.
    this.news.tell('level', Math.min(1, Math.max(0, (20 * Math.log10(rms + 1e-9) + 60) / 54)))
    this.examine(rms, peak)
    const finding = this.watch.judge(on, rms, peak, performance.now())
    if (finding !== this.finding) this.news.tell('finding', this.finding = finding)
  }

  /** For whoever has to interpret from it. */
  private examine(rms: number, peak: number): void {
    this.analyser.getFloatFrequencyData(this.bins)
    const look = { rms, peak, bins: this.bins, top: this.context.sampleRate / 2 }
    this.check?.look(look)
    this.lately.look(look)
    const result = this.check?.result ?? (this.finding === 'silent' ? 'silent' : undefined)
    if (this.check && result && result !== this.told) {
      if (result !== 'silent') this.check = undefined // silence may end yet
      this.news.tell('checked', this.told = result)
    }
    if (++this.looks % figuresEach !== 0) return
    const { figures } = this.lately
    this.lately = new SoundCheck()
    if (figures) this.news.tell('figures', figures)
  }
}
