// A soft double tone each three seconds while a call rings, for whoever looks elsewhere. A browser that wants a gesture before sound rings from then on.
const each = 3_000 // ms
const tones = [659.25, 523.25] as const

export function ring(signal: AbortSignal): void {
  const context = new AudioContext()
  const strike = () => {
    if (context.state !== 'running') return
    for (const [n, hz] of [...tones, ...tones].entries()) {
      const at = context.currentTime + n * 0.22
      const gain = new GainNode(context, { gain: 0 })
      const tone = new OscillatorNode(context, { frequency: hz })
      gain.gain.setValueAtTime(0, at)
      gain.gain.linearRampToValueAtTime(0.2, at + 0.02)
      gain.gain.exponentialRampToValueAtTime(0.001, at + 0.2)
      tone.connect(gain).connect(context.destination)
      tone.start(at)
      tone.stop(at + 0.22)
    }
  }
  const wake = () => void context.resume().catch(() => undefined)
  for (const gesture of ['pointerdown', 'keydown'] as const) addEventListener(gesture, wake, { signal, capture: true })
  context.addEventListener('statechange', strike, { signal }) // at once, when it may sound
  const timer = setInterval(strike, each)
  signal.addEventListener('abort', () => {
    clearInterval(timer)
    void context.close()
  }, { once: true })
}
