// Evens out how loud people are: an interpreter and the floor shall not differ when one switches between them. Pure: time is an argument.

const target = -24 // dBFS, root mean square of speech: what a headset at a usual distance gives
const gate = -50 // below it nobody speaks
const most = 6 // dB up or down
const settles = 3 // seconds that the measure looks back over
const slew = 3 // dB a second: slow enough not to be heard

export class Evenness {
  /** dB to add. */
  gain = 0
  private power: number | undefined

  /** Takes a root mean square of what came in the last so many seconds. */
  hear(rms: number, seconds: number): number {
    const power = rms * rms
    if (10 * Math.log10(power + 1e-12) < gate) return this.gain
    this.power = this.power === undefined ? power : this.power + (power - this.power) * Math.min(1, seconds / settles)
    const wanted = Math.max(-most, Math.min(most, target - 10 * Math.log10(this.power)))
    this.gain += Math.max(-slew * seconds, Math.min(slew * seconds, wanted - this.gain))
    return this.gain
  }
}
