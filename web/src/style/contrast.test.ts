import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'

const css = readFileSync(join(import.meta.dirname, 'tokens.css'), 'utf8')
const colours = (block: string) => new Map([...block.matchAll(/--([a-z-]+): (#[0-9a-f]{6});/g)].map((m) => [m[1] ?? '', m[2] ?? '']))
const [desk = '', meeting = ''] = css.split("[data-theme='meeting']")

// WCAG 2.2, relative luminance and contrast ratio.
function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const part = parseInt(hex.slice(at, at + 2), 16) / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}
function contrast(a: string, b: string): number {
  const [low = 0, high = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y)
  return (high + 0.05) / (low + 0.05)
}

const grounds = ['ground', 'surface', 'raised']
const pairs: [string, string, number][] = [
  ...['text', 'quiet', 'side-a', 'side-b', 'good', 'warning', 'grave', 'action']
    .flatMap((text) => grounds.map((ground): [string, string, number] => [text, ground, 7])),
  ['text', 'mark', 7], ['on-action', 'action', 7], ['on-action', 'action-over', 6], ['on-grave', 'grave', 7],
  ...['edge', 'focus', 'side-a-shape', 'side-b-shape'].flatMap((edge) => grounds.map((ground): [string, string, number] => [edge, ground, 3])),
]

describe.each([['desk', colours(desk)], ['meeting', colours(meeting)]] as const)('%s', (_, theme) => {
  test.each(pairs)('%s on %s is at least %d:1', (text, ground, least) => {
    expect(contrast(theme.get(text) ?? '', theme.get(ground) ?? '')).toBeGreaterThanOrEqual(least)
  })
})
