import { describe, expect, test } from 'vitest'
import { align, type Held } from './lips.ts'

const none: Held = { sound: 0, picture: 0 }

describe('align', () => {
  test.each<[string, Held, number, Held]>([
    ['together', none, 0, none],
    ['a little early', none, 35, none],
    ['a little late', none, -60, none],
    ['sound early: it is held', none, 36, { sound: 116, picture: 0 }],
    ['sound very early', none, 250, { sound: 330, picture: 0 }],
    ['sound late: the picture is held', none, -143, { sound: 0, picture: 138 }],
    ['a held picture is freed first', { sound: 0, picture: 100 }, 60, { sound: 0, picture: 40 }],
    ['and then the sound held', { sound: 0, picture: 20 }, 100, { sound: 160, picture: 0 }],
    ['a held sound is freed first', { sound: 200, picture: 0 }, -150, { sound: 50, picture: 0 }],
    ['and then the picture held', { sound: 20, picture: 0 }, -150, { sound: 0, picture: 125 }],
    ['never more than half a second', none, 3000, { sound: 500, picture: 0 }],
  ])('%s', (_, held, ahead, want) => {
    expect(align(held, { ahead, sound: 80, picture: 30 })).toEqual(want)
  })
})
