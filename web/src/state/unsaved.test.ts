import { afterEach, expect, test, vi } from 'vitest'
import { keepUnsaved, unsaved } from './unsaved.svelte.ts'

afterEach(() => vi.unstubAllGlobals())

/** A window's store of so many letters. */
function store(room: number): Map<string, string> {
  const held = new Map<string, string>()
  vi.stubGlobal('sessionStorage', {
    getItem: (key: string) => held.get(key) ?? null,
    removeItem: (key: string) => held.delete(key),
    setItem: (key: string, value: string) => {
      if (value.length > room) throw new DOMException('', 'QuotaExceededError')
      held.set(key, value)
    },
  })
  return held
}

test('what was typed comes back, until it is saved', () => {
  store(100)
  keepUnsaved('a', { text: 'سلام' })
  expect(unsaved('a')).toEqual({ text: 'سلام' })
  expect(unsaved('b')).toBeUndefined()
  keepUnsaved('a')
  expect(unsaved('a')).toBeUndefined()
})

test('what is too long for the window neither breaks the form nor leaves half of it', () => {
  const held = store(100)
  keepUnsaved('a', 'short')
  keepUnsaved('a', 'x'.repeat(1000))
  expect(held.size).toBe(0)
})
