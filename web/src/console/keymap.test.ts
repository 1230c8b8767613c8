import { describe, expect, test } from 'vitest'
import { functions, keymapOf, keyName, lay, mayBe, usualKeys } from './keymap.ts'

test('each function has a key of its own, and none is Space', () => {
  const codes = functions.map((one) => usualKeys[one])
  expect(new Set(codes).size).toBe(functions.length)
  expect(codes.every(mayBe)).toBe(true)
})

test.each(['Space', 'Tab', 'Enter', 'Escape', 'ShiftLeft', 'ControlRight', 'F5', 'ArrowUp', ''])('%s bears no function', (code) => {
  expect(mayBe(code)).toBe(false)
  expect(lay(usualKeys, 'cough', code)).toBe(usualKeys)
})

describe('laying a function on another key', () => {
  test('on a free one', () => expect(lay(usualKeys, 'cough', 'KeyZ')).toEqual({ ...usualKeys, cough: 'KeyZ' }))
  test('on a taken one: they change places', () => expect(lay(usualKeys, 'cough', 'KeyM')).toEqual({ ...usualKeys, cough: 'KeyM', microphone: 'KeyN' }))
})

test('what was kept is read as far as it makes sense', () => {
  expect(keymapOf({ cough: 'KeyZ', microphone: 'Space', nothing: 'KeyY' })).toEqual({ ...usualKeys, cough: 'KeyZ' })
  expect(keymapOf('KeyM')).toBe(usualKeys)
  expect(keymapOf({ cough: 'KeyM', microphone: 'KeyM' })).toMatchObject({ cough: 'KeyM', microphone: 'KeyN' })
})

test.each([['KeyM', 'M'], ['Digit3', '3'], ['Minus', '−'], ['Numpad7', 'Num 7']])('%s is called %s', (code, name) => expect(keyName(code)).toBe(name))
