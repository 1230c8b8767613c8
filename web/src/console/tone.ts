// The console's sound, kept in this browser: volume, bass and treble in dB, and the two relays.
import type { Tone } from '../call/mixer.ts'
import type { Language } from '../protocol.ts'

export const flat: Tone = { volume: 0, bass: 0, treble: 0 }
const most = 12
const step = 2

export function turned(tone: Tone, what: keyof Tone, up: boolean): Tone {
  return { ...tone, [what]: Math.max(-most, Math.min(most, tone[what] + (up ? step : -step))) }
}

export function storedTone(): Tone {
  try {
    const found: unknown = JSON.parse(localStorage.getItem('console-tone') ?? 'null')
    const db = (name: keyof Tone): number => {
      const value: unknown = typeof found === 'object' && found !== null ? Reflect.get(found, name) : 0
      return typeof value === 'number' && Math.abs(value) <= most ? value : 0
    }
    return { volume: db('volume'), bass: db('bass'), treble: db('treble') }
  } catch {
    return flat
  }
}

export function storeTone(tone: Tone): void {
  keep('console-tone', tone)
}

/** The first two languages that the booth may want to work from, unless others were chosen. */
export function storedRelays(booth: Language, languages: readonly Language[]): [Language, Language] {
  const others = languages.filter((language) => language !== booth)
  const usual: [Language, Language] = [others[0] ?? booth, others[1] ?? others[0] ?? booth]
  try {
    const found: unknown = JSON.parse(localStorage.getItem(`console-relays/${booth}`) ?? 'null')
    if (!Array.isArray(found)) return usual
    return usual.map((language, n) => (others.includes(String(found[n])) ? String(found[n]) : language)) as [Language, Language]
  } catch {
    return usual
  }
}

export function storeRelays(booth: Language, relays: readonly Language[]): void {
  keep(`console-relays/${booth}`, relays)
}

function keep(name: string, value: unknown): void {
  try {
    localStorage.setItem(name, JSON.stringify(value))
  } catch {
    // Storage is forbidden in some browsers; the choice then lasts as long as the page.
  }
}
