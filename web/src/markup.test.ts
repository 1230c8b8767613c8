import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const src = import.meta.dirname
const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((name) => /\.(svelte|css)$/.test(name))

// What the content policy would block, and what would not turn with the direction of the script.
const forbidden: [string, RegExp][] = [
  ['a style attribute (use class: or style:)', /<[a-z][^>]*\sstyle=/],
  ['an inline handler', /<[a-z][^>]*\son[a-z]+="/],
  ['unescaped HTML', /\{@html/],
  ['another origin', /https?:\/\/(?!www\.w3\.org)/],
  ['a physical side', /(?:margin|padding|border)-(?:left|right)\b|text-align:\s*(?:left|right)|float:\s*(?:left|right)|[\s;{](?:left|right):/],
]

test.each(files)('%s', (name) => {
  const text = readFileSync(join(src, name), 'utf8')
  expect(forbidden.filter(([, pattern]) => pattern.test(text)).map(([what]) => what)).toEqual([])
})
