import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { functionOf, usualKeys } from '../console/keymap.ts'
import { actionOf, keys } from './keys.ts'

// There are no elements here: where the focus may be is the story `keyboard`'s.
beforeEach(() => { vi.stubGlobal('Element', class {}) })
afterEach(() => { vi.unstubAllGlobals() })

const press = (code: string, key: string, more = {}) => ({ code, key, target: null, repeat: false, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, isComposing: false, ...more }) as unknown as KeyboardEvent

// What stands on the key in Persian, Azerbaijani and Russian.
test.each([['microphone', 'ئmь'], ['next', 'دnт'], ['backroom', 'ذbи'], ['whisper', 'صüц'], ['hand', 'اhр']] as const)('%s by its place, whatever letter stands there', (action, letters) => {
  for (const letter of letters) expect(actionOf(press(keys[action], letter))).toBe(action)
})

test.each([['microphone', 'ئmь'], ['cough', 'دnт'], ['relay-a', '۳33'], ['mark', 'مlд']] as const)('at the console: %s', (what, letters) => {
  for (const letter of letters) expect(functionOf(press(usualKeys[what], letter), usualKeys)).toBe(what)
})

test.each([{ ctrlKey: true }, { metaKey: true }, { altKey: true }, { shiftKey: true }, { isComposing: true }, { repeat: true }])('nothing with %j', (more) => {
  expect(actionOf(press('KeyB', 'b', more))).toBeUndefined()
})
