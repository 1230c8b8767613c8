// Changes of level without a jump. Pure.

export const fade = 0.15 // seconds
const steps = 32

/** Where a fade stands, from 0 to 1 of its time. */
export function powerAt(from: number, to: number, time: number): number {
  if (time >= 1) return to
  const share = Math.sin(Math.PI * Math.max(0, time) / 2) ** 2
  return Math.sqrt(from * from + (to * to - from * from) * share)
}

/**
 * From one gain to another so that the power, not the amplitude, goes evenly: two that cross keep their loudness.
 */
export function equalPower(from: number, to: number): Float32Array<ArrayBuffer> {
  const curve = new Float32Array(steps + 1)
  for (let n = 0; n <= steps; n++) curve[n] = powerAt(from, to, n / steps)
  return curve
}

const ceiling = 10 ** (-3 / 20) // no sample above -3 dBFS
const knee = 10 ** (-5 / 20)
const points = 4097

/** The shape of the last guard behind the limiter: straight up to -5 dBFS, rounded above, never over -3. */
export function guard(): Float32Array<ArrayBuffer> {
  const curve = new Float32Array(points)
  const room = ceiling - knee
  for (let n = 0; n < points; n++) {
    const x = n * 2 / (points - 1) - 1
    const size = Math.abs(x)
    curve[n] = Math.sign(x) * (size <= knee ? size : knee + room * Math.tanh((size - knee) / room))
  }
  return curve
}
