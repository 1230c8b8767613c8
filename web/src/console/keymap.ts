// The console's keys: every function on one key by its place on the keyboard, whatever letters stand on it. Never Space, which presses
// whatever has the focus, and never a key by which one moves or leaves.

import { takesLetters } from '../meet/keys.ts'

/** The functions, in the order in which the list of keys shows them. */
export const functions = [
  'microphone', 'cough', 'outgoing-a', 'outgoing-b',
  'auto', 'floor', 'relay-a', 'relay-b', 'own',
  'offer', 'accept', 'take-over', 'suspend', 'slower', 'help', 'chat', 'mark', 'terms', 'note',
  'louder', 'quieter', 'bass-up', 'bass-down', 'treble-up', 'treble-down',
] as const
export type Function = (typeof functions)[number]
export type Keymap = Readonly<Record<Function, string>> // KeyboardEvent.code

export const usualKeys: Keymap = {
  microphone: 'KeyM', cough: 'KeyN', 'outgoing-a': 'KeyA', 'outgoing-b': 'KeyB',
  auto: 'Digit1', floor: 'Digit2', 'relay-a': 'Digit3', 'relay-b': 'Digit4', own: 'Digit5',
  offer: 'KeyO', accept: 'KeyP', 'take-over': 'KeyT', suspend: 'KeyX', slower: 'KeyS', help: 'KeyH', chat: 'KeyC', mark: 'KeyL', terms: 'KeyG', note: 'KeyD',
  louder: 'Equal', quieter: 'Minus', 'bass-up': 'KeyW', 'bass-down': 'KeyQ', 'treble-up': 'KeyR', 'treble-down': 'KeyE',
}

const named: Readonly<Record<string, string>> = {
  Minus: '−', Equal: '+', BracketLeft: '[', BracketRight: ']', Semicolon: ';', Quote: "'", Comma: ',', Period: '.', Slash: '/', Backslash: '\\', Backquote: '`',
  ArrowUp: '↑', ArrowDown: '↓', ArrowLeft: '←', ArrowRight: '→',
}

/** What stands on the key of an English keyboard: a code is a place, and this is how places are spoken of. */
export function keyName(code: string): string {
  const [, digit] = /^(?:Digit)(\d)$/.exec(code) ?? []
  const [, letter] = /^Key([A-Z])$/.exec(code) ?? []
  const [, pad] = /^Numpad(.+)$/.exec(code) ?? []
  return digit ?? letter ?? named[code] ?? (pad === undefined ? code : `Num ${named[pad] ?? pad}`)
}

const taken = new Set(['Space', 'Tab', 'Enter', 'NumpadEnter', 'Escape', 'ContextMenu', 'CapsLock', 'NumLock', 'ScrollLock', 'Backspace', 'Delete'])

/** Whether a function may lie on this key. */
export function mayBe(code: string): boolean {
  return code !== '' && !taken.has(code) && !/^(Shift|Control|Alt|Meta|OS|F\d|Arrow|Page|Home|End|Browser|Media|Audio)/.test(code)
}

/** Lays a function on a key; the function that lay there takes the other's. */
export function lay(keys: Keymap, what: Function, code: string): Keymap {
  if (!mayBe(code)) return keys
  const before = functions.find((one) => keys[one] === code)
  return { ...keys, ...(before ? { [before]: keys[what] } : {}), [what]: code }
}

/** What was kept, where it is still a keymap: known functions, each on a key of its own. */
export function keymapOf(found: unknown): Keymap {
  let keys = usualKeys
  if (typeof found !== 'object' || found === null) return keys
  for (const what of functions) {
    const code: unknown = Reflect.get(found, what)
    if (typeof code === 'string') keys = lay(keys, what, code)
  }
  return keys
}

export function storedKeys(): Keymap {
  try {
    return keymapOf(JSON.parse(localStorage.getItem('console-keys') ?? 'null'))
  } catch {
    return usualKeys
  }
}

export function storeKeys(keys: Keymap): void {
  try {
    localStorage.setItem('console-keys', JSON.stringify(keys))
  } catch {
    // Storage is forbidden in some browsers; the keys then last as long as the page.
  }
}

/** The function of a press or release; nothing while somebody writes, chooses, or holds another key. */
export function functionOf(event: KeyboardEvent, keys: Keymap): Function | undefined {
  if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || event.isComposing || takesLetters(event.target)) return undefined
  return functions.find((one) => keys[one] === event.code)
}
