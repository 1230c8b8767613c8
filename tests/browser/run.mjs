// Runs the browser stories: node run.mjs [NAME...]. A story may say of itself
//   beside    nothing in it is timed and it shows hardly a moving picture, which is what costs: it runs beside one other of its kind, after the rest;
//   measures  its limits are of a quiet machine: it is run by its name only.
import { spawn } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { BIN } from './lib.mjs'

const here = path.dirname(fileURLToPath(import.meta.url))
const all = fs.readdirSync(path.join(here, 'stories')).filter((f) => f.endsWith('.mjs')).map((f) => f.slice(0, -4)).sort()
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

const sorts = { alone: [], beside: [], measures: [] }
for (const name of all) {
  const { beside, measures } = await import(path.join(here, 'stories', name + '.mjs'))
  sorts[measures ? 'measures' : beside ? 'beside' : 'alone'].push(name)
}

let passed = 0
let omitted = 0
const failed = []

/** One story in a process of its own; what it says comes in one piece, or line by line when it has the machine to itself. */
async function run(name, alone) {
  const child = spawn(process.execPath, [path.join(here, 'story.mjs'), name], { stdio: ['ignore', alone ? 'inherit' : 'pipe', 'inherit'] })
  let said = ''
  child.stdout?.on('data', (d) => { said += d })
  const code = await new Promise((ok) => child.once('close', ok))
  process.stdout.write(said)
  if (code === 0) passed++
  else if (code === 3) omitted++
  else failed.push(name)
}

/** The stories of a list, by so many hands. */
async function stories(names, hands = 1) {
  const left = [...names]
  await Promise.all(Array.from({ length: hands }, async () => {
    while (left.length) await run(left.shift(), hands === 1)
  }))
}

if (wanted.length) await stories(wanted)
else {
  await stories(sorts.alone)
  await stories(sorts.beside, 2)
}
// Once more when the machine has nothing else to do. What passes only then is said by name: it is a fault to be found, in the product or in the story.
const doubtful = []
if (!wanted.length && failed.length <= 2) {
  for (const name of failed.splice(0)) {
    console.log(`again ${name}`)
    await run(name, true)
    if (!failed.includes(name)) doubtful.push(name)
  }
}
console.log([`${passed} passed`, `${failed.length} failed`, omitted && `${omitted} not run`, doubtful.length && `only at the second try: ${doubtful.join(', ')}`].filter(Boolean).join(', '))
process.exit(failed.length ? 1 : 0)
