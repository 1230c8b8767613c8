// One story in a process and a world of its own: node story.mjs NAME. Ends with 0 when nothing is wrong, 1 when something is, 3 when it could not be run here.
import { World } from './lib.mjs'

const name = process.argv[2]
const began = Date.now()
const took = () => `${name} (${((Date.now() - began) / 1000).toFixed(1)} s)`
const world = new World(name)
try {
  const { default: story, missing } = await import(new URL(`stories/${name}.mjs`, import.meta.url))
  if (missing) {
    console.log(`none  ${name}: not run, because ${missing}`)
    process.exitCode = 3
  } else {
    await story(world)
    console.log(`ok    ${took()}`)
  }
} catch (e) {
  await world.lastLook()
  console.log(`FAIL  ${took()}\n${e?.stack ?? e}`)
  process.exitCode = 1
} finally {
  await world.close()
}
process.exit()
