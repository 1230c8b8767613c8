// How long a turn has lasted, and what follows from it. Pure.

export const warnAfter = 25 // minutes
export const overAfter = 30

export interface Turn {
  readonly text: string // minutes and seconds
  readonly state: 'running' | 'warning' | 'over'
}

export function turnOf(since: string | undefined, now: number): Turn | undefined {
  if (since === undefined) return undefined
  const seconds = Math.max(0, Math.floor((now - Date.parse(since)) / 1_000))
  const minutes = Math.floor(seconds / 60)
  const state = minutes >= overAfter ? 'over' : minutes >= warnAfter ? 'warning' : 'running'
  return { text: `${String(minutes).padStart(2, '0')}:${String(seconds % 60).padStart(2, '0')}`, state }
}
