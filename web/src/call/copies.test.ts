import { expect, test } from 'vitest'
import { Losses } from './copies.ts'

/** 50 packets a second for so long, of which a share is lost; says what is wanted then. */
function after(losses: Losses, clock: { at: number; packets: number; lost: number }, seconds: number, share: number): boolean {
  for (let i = 0; i < seconds; i++) {
    clock.at += 1000
    clock.packets += 50
    clock.lost += 50 * share
    losses.count({ packets: clock.packets, lost: clock.lost }, clock.at)
  }
  return losses.wanted
}

test('copies come when sound is lost, and go 10 s after it no longer is', () => {
  const losses = new Losses()
  const clock = { at: 0, packets: 0, lost: 0 }
  expect(after(losses, clock, 10, 0)).toBe(false)
  expect(after(losses, clock, 10, 0.01)).toBe(false)
  expect(after(losses, clock, 3, 0.05)).toBe(true)
  expect(after(losses, clock, 20, 0.015)).toBe(true)
  expect(after(losses, clock, 8, 0)).toBe(true)
  expect(after(losses, clock, 8, 0)).toBe(false)
})

test('a connection made anew counts from its own beginning', () => {
  const losses = new Losses()
  const clock = { at: 0, packets: 5000, lost: 400 }
  expect(after(losses, clock, 3, 0)).toBe(false)
  Object.assign(clock, { packets: 0, lost: 0 })
  expect(after(losses, clock, 3, 0.1)).toBe(true)
})
