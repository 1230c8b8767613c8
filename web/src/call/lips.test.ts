import { describe, expect, test } from 'vitest'
import { align, type Held } from './lips.ts'

const none: Held = { sound: 0, picture: 0 }

describe('align', () => {
  test.each<[string, Held, number, Held]>([
    ['together', none, 0, none],
    ['a little early', none, 10, none],
    ['a little late', none, -60, none],
    ['sound early: it is held', none, 11, { sound: 36, picture: 0 }],
    ['sound very early', none, 250, { sound: 275, picture: 0 }],
    ['sound late: the picture is held', none, -143, { sound: 0, picture: 148 }],
    ['a held picture is freed first', { sound: 0, picture: 100 }, 60, { sound: 0, picture: 40 }],
    ['and then the sound held', { sound: 0, picture: 20 }, 100, { sound: 105, picture: 0 }],
    ['a held sound is freed first', { sound: 200, picture: 0 }, -150, { sound: 50, picture: 0 }],
    ['and then the picture held', { sound: 20, picture: 0 }, -150, { sound: 0, picture: 135 }],
    ['never more than half a second', none, 3000, { sound: 500, picture: 0 }],
  ])('%s', (_, held, ahead, want) => {
    expect(align(held, { ahead, picture: 30 })).toEqual(want)
  })
})
