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
let omitted = 0
const failed = []
const doubtful = []

/** One story in a world of its own; true when nothing is wrong. */
async function run(name) {
  const began = Date.now()
  const took = () => `${name} (${((Date.now() - began) / 1000).toFixed(1)} s)`
  const world = new World(name)
  try {
    const { default: story, missing, measures } = await import(path.join(dir, name + '.mjs'))
    if (measures && !wanted.length) return true
    if (missing) {
      omitted++
      console.log(`none  ${name}: not run, because ${missing}`)
      return true
    }
    await story(world)
    passed++
    console.log(`ok    ${took()}`)
    return true
  } catch (e) {
    await world.lastLook()
    console.log(`FAIL  ${took()}\n${e?.stack ?? e}`)
    return false
  } finally {
    await world.close()
  }
}

for (const name of wanted.length ? wanted : all) if (!await run(name)) failed.push(name)
// Once more when the machine has nothing else to do. What passes only then is said by name: it is a fault to be found, in the product or in the story.
if (!wanted.length && failed.length <= 2) {
  for (const name of failed.splice(0)) {
    console.log(`again ${name}`)
    ;(await run(name) ? doubtful : failed).push(name)
  }
}
console.log([`${passed} passed`, `${failed.length} failed`, omitted && `${omitted} not run`, doubtful.length && `only at the second try: ${doubtful.join(', ')}`].filter(Boolean).join(', '))
process.exit(failed.length ? 1 : 0)
