// Single keys for the controls, by their place on the keyboard: the same in Persian, Azerbaijani and Russian layouts.
// Never Space, which presses whatever has the focus.
export const keys = {
  microphone: 'KeyM', camera: 'KeyV', hand: 'KeyH', screen: 'KeyS', chat: 'KeyC', full: 'KeyF', next: 'KeyN', backroom: 'KeyB', whisper: 'KeyW', language: 'KeyL',
} as const
export type KeyAction = keyof typeof keys

export function letter(action: KeyAction): string {
  return keys[action].slice(3)
}

/** What a press asks for; nothing while somebody writes, chooses or holds another key. */
export function actionOf(event: KeyboardEvent): KeyAction | undefined {
  if (event.repeat || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || event.isComposing) return undefined
  const at = event.target
  if (at instanceof Element && at.closest('input, select, textarea, dialog, [contenteditable]')) return undefined
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
