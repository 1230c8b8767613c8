// Runs the browser stories one after another: node run.mjs [NAME...]. Those that measure are run by their names only: their limits are of a quiet machine.
import fs from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { BIN, World } from './lib.mjs'

const dir = path.join(path.dirname(fileURLToPath(import.meta.url)), 'stories')
const all = fs.readdirSync(dir).filter((f) => f.endsWith('.mjs')).map((f) => f.slice(0, -4)).sort()
const wanted = process.argv.slice(2).filter(Boolean)
const unknown = wanted.filter((n) => !all.includes(n))
if (unknown.length) {
  console.error(`no such story: ${unknown.join(', ')}; there are: ${all.join(', ')}`)
  process.exit(2)
}
if (!fs.existsSync(BIN)) {
  console.error('bin/astara is missing: run make build')
  process.exit(2)
}

let passed = 0
let failed = 0
let omitted = 0
for (const name of wanted.length ? wanted : all) {
  const began = Date.now()
  const world = new World(name)
  try {
    const { default: story, missing, measures } = await import(path.join(dir, name + '.mjs'))
    if (measures && !wanted.length) continue
    if (missing) {
      omitted++
      console.log(`none  ${name}: not run, because ${missing}`)
      continue
    }
    await story(world)
    passed++
    console.log(`ok    ${name} (${((Date.now() - began) / 1000).toFixed(1)} s)`)
  } catch (e) {
    failed++
    await world.lastLook()
    console.log(`FAIL  ${name} (${((Date.now() - began) / 1000).toFixed(1)} s)\n${e?.stack ?? e}`)
  } finally {
    await world.close()
  }
}
console.log(`${passed} passed, ${failed} failed${omitted ? `, ${omitted} not run` : ''}`)
process.exit(failed ? 1 : 0)
