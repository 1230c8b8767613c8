import { describe, expect, it } from 'vitest'
import { pinned, toggled, type Pins } from './pins.ts'

describe('pinned terms', () => {
  it('belong to the item at which they were pinned', () => {
    let pins: Pins = {}
    pins = toggled(pins, 'railway', 'a')
    pins = toggled(pins, 'railway', 'b')
    pins = toggled(pins, 'customs', 'a')
    pins = toggled(pins, 'railway', 'a')
    expect(pinned(pins, 'railway')).toEqual(['b'])
    expect(pinned(pins, 'customs')).toEqual(['a'])
    expect(pinned(pins, 'other')).toEqual([])
  })
})
