// What was typed and not saved, kept over a reload, a crash of the browser's page or a fallen node: in this window only, and gone on signing out.

export function unsaved<T>(place: string): T | undefined {
  const left = sessionStorage.getItem(`unsaved ${place}`)
  return left === null ? undefined : JSON.parse(left) as T
}

/** Without a value: nothing is left to save. What the window has no room for (some 5 MB) stays on the screen alone. */
export function keepUnsaved(place: string, value?: unknown): void {
  sessionStorage.removeItem(`unsaved ${place}`)
  if (value === undefined) return
  try {
    sessionStorage.setItem(`unsaved ${place}`, JSON.stringify(value))
  } catch (error) {
    if (!(error instanceof DOMException)) throw error
  }
}

/** A form's words: `left` from before, kept from the first touch on until they are saved or given up. Made where the form is. */
export class Unsaved<T> {
  readonly left: T | undefined
  private readonly place: string
  private touched = $state(false)

  constructor(place: string, now: () => T) {
    this.place = place
    this.left = unsaved<T>(place)
    this.touched = this.left !== undefined
    $effect(() => { if (this.touched) keepUnsaved(place, now()) })
  }

  /** Tells whether what stands in the form came from before and is still to be saved. */
  get back(): boolean { return this.left !== undefined && this.touched }

  readonly touch = (): void => { this.touched = true }

  forget(): void {
    this.touched = false
    keepUnsaved(this.place)
  }
}
