// The terms that an interpreter has pinned, for each item of the agenda; kept in this browser.

export type Pins = Readonly<Record<string, readonly string[]>> // item -> terms

export function pinned(pins: Pins, item: string): readonly string[] {
  return pins[item] ?? []
}

export function toggled(pins: Pins, item: string, term: string): Pins {
  const now = pinned(pins, item)
  return { ...pins, [item]: now.includes(term) ? now.filter((one) => one !== term) : [...now, term] }
}

export function storedPins(meeting: string): Pins {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(`terms-pinned/${meeting}`) ?? 'null')
    if (typeof found !== 'object' || found === null) return {}
    return Object.fromEntries(Object.entries(found).filter((one): one is [string, string[]] => Array.isArray(one[1]) && one[1].every((term) => typeof term === 'string')))
  } catch {
    return {}
  }
}

export function storePins(meeting: string, pins: Pins): void {
  try {
    localStorage.setItem(`terms-pinned/${meeting}`, JSON.stringify(pins))
  } catch {
    // Storage is forbidden in some browsers; the pins then last as long as the page.
  }
}

/** The two languages of a sheet: what the booth works from first, its own second, unless others were chosen. */
export function storedPair(booth: string, usual: readonly [string, string]): [string, string] {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(`terms-pair/${booth}`) ?? 'null')
    if (Array.isArray(found) && found.length === 2 && found.every((one) => typeof one === 'string')) return [String(found[0]), String(found[1])]
  } catch {
    // As above.
  }
  return [...usual]
}

export function storePair(booth: string, pair: readonly [string, string]): void {
  try {
    localStorage.setItem(`terms-pair/${booth}`, JSON.stringify(pair))
  } catch {
    // As above.
  }
}
