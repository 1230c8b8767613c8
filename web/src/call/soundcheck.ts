// How good my microphone is for somebody who has to interpret from it: level of speech, clipping, and how far up the sound reaches. Pure.
import type { SoundResult } from '../protocol.ts'

/** What one look at the microphone saw. */
export interface SoundLook {
  readonly rms: number
  readonly peak: number
  /** Spectrum in dBFS, evenly from 0 Hz to `top` Hz. */
  readonly bins: Float32Array
  readonly top: number
}

export interface SoundFigures {
  readonly level: number // dBFS of speech, root mean square
  readonly clipped: number // share of looks at which the microphone was driven to its end
  readonly bandwidth: number // Hz: up to where speech stands out
}

const speech = 0.01 // -40 dBFS: below it nobody speaks
const end = 0.985 // of full scale
const below = 55 // dB under the strongest: still part of the voice
const floor = -95 // dBFS: what a microphone's noise reaches
const enough = 40 // looks with speech in them: 2 s

const quietest = -35 // dBFS
const clippedMost = 0.05
const narrow = 5_000 // Hz; a telephone ends at 3.4 kHz, a headset by Bluetooth at 7

/** Gathers looks until there was enough speech in them. */
export class SoundCheck {
  private spoken = 0
  private power = 0
  private ends = 0
  private highest = 0

  look({ rms, peak, bins, top }: SoundLook): void {
    if (rms < speech) return
    this.spoken++
    this.power += rms * rms
    if (peak >= end) this.ends++
    let strongest = -Infinity
    for (const db of bins) strongest = Math.max(strongest, db)
    for (let bin = bins.length - 1; bin > 0; bin--) {
      if ((bins[bin] ?? -Infinity) < Math.max(strongest - below, floor)) continue
      this.highest = Math.max(this.highest, bin / bins.length * top)
      break
    }
  }

  /** Undefined while nothing was said. */
  get figures(): SoundFigures | undefined {
    if (this.spoken === 0) return undefined
    return { level: 10 * Math.log10(this.power / this.spoken), clipped: this.ends / this.spoken, bandwidth: Math.round(this.highest) }
  }

  /** What is to be said of it; undefined before enough was heard. */
  get result(): SoundResult | undefined {
    if (this.spoken < enough) return undefined
    const found = this.figures
    if (!found) return undefined
    if (found.clipped > clippedMost) return 'clipped'
    if (found.level < quietest) return 'quiet'
    return found.bandwidth < narrow ? 'narrow' : 'passed'
  }
}
