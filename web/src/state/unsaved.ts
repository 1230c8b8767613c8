// What was typed and not saved, kept over a reload, a crash of the browser's page or a fallen node: in this window only, and gone on signing out.

export function unsaved<T>(place: string): T | undefined {
  const left = sessionStorage.getItem(`unsaved ${place}`)
  return left === null ? undefined : JSON.parse(left) as T
}

/** Without a value: nothing is left to save. */
export function keepUnsaved(place: string, value?: unknown): void {
  if (value === undefined) sessionStorage.removeItem(`unsaved ${place}`)
  else sessionStorage.setItem(`unsaved ${place}`, JSON.stringify(value))
}
