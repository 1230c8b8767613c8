// Single keys for the controls, by their place on the keyboard: the same in Persian, Azerbaijani and Russian layouts.
// Never Space, which presses whatever has the focus.
export const keys = {
  microphone: 'KeyM', camera: 'KeyV', hand: 'KeyH', screen: 'KeyS', chat: 'KeyC', full: 'KeyF', next: 'KeyN', backroom: 'KeyB', whisper: 'KeyW', language: 'KeyL',
} as const
export type KeyAction = keyof typeof keys

export function letter(action: KeyAction): string {
  return keys[action].slice(3)
}

// A tick, a choice and a slider take none: whoever has just set one goes on with the keys.
const writing = 'input:not([type="checkbox"], [type="radio"], [type="range"]), select, textarea, dialog, [contenteditable]'

/** Whether letters that are typed there are meant for it. */
export function takesLetters(at: EventTarget | null): boolean {
  return at instanceof Element && at.closest(writing) !== null
}

/**
 * A document that is shown in a frame takes the keys with the first click on it, and an interpreter would cough in vain: they are brought back.
 * Whoever goes into the frame by Tab, to read on by keyboard, stays there.
 */
export function keysKept(signal: AbortSignal): void {
  let tabbed = false
  let before: Element | null = null
  addEventListener('keydown', (event) => { tabbed = event.key === 'Tab' }, { signal, capture: true })
  for (const kind of ['pointermove', 'pointerdown'] as const) addEventListener(kind, () => { tabbed = false }, { signal, capture: true })
  addEventListener('focusin', ({ target }) => { if (target instanceof Element && !(target instanceof HTMLIFrameElement)) before = target }, { signal })
  addEventListener('blur', () => setTimeout(() => {
    const frame = document.activeElement
    if (tabbed || signal.aborted || !(frame instanceof HTMLIFrameElement)) return
    frame.blur()
    if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true })
  }), { signal })
}

/** What a press asks for; nothing while somebody writes, chooses or holds another key. */
export function actionOf(event: KeyboardEvent): KeyAction | undefined {
  if (event.repeat || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || event.isComposing || takesLetters(event.target)) return undefined
  const found = Object.entries(keys).find(([, code]) => code === event.code)
  return found?.[0] as KeyAction | undefined
}

/** Kept in this browser; on unless switched off (WCAG 2.1.4). */
export function keysWanted(): boolean {
  try {
    return localStorage.getItem('keys') !== 'off'
  } catch {
    return true
  }
}

export function keepKeysWanted(on: boolean): void {
  try {
    localStorage.setItem('keys', on ? 'on' : 'off')
  } catch {
    // Storage is forbidden in some browsers; the choice then lasts as long as the page.
  }
}
