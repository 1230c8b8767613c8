// Fails when the first route costs more than 60 kB of JavaScript, gzipped: what index.html loads, the start
// screen, and the largest of the four languages, each with everything it imports. Run after a build.
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { basename } from 'node:path'

const budget = 60_000
const assets = new URL('../dist/assets/', import.meta.url)
const size = (name) => statSync(new URL(name + '.gz', assets)).size

function withImports(name, seen = new Set()) {
  if (seen.has(name)) return seen
  seen.add(name)
  const code = readFileSync(new URL(name, assets), 'utf8')
  for (const found of code.matchAll(/(?:from|import)\s*["'`]\.\/([^"'`]+\.js)["'`]/g)) withImports(found[1], seen)
  return seen
}

const html = readFileSync(new URL('../dist/index.html', import.meta.url), 'utf8')
const files = readdirSync(assets).filter((name) => name.endsWith('.js'))
const loaded = new Set()
for (const found of html.matchAll(/(?:src|href)="([^"]+\.js)"/g)) withImports(basename(found[1]), loaded)
const start = files.find((name) => /^Start-/.test(name))
if (!start || loaded.size === 0) throw new Error('no start screen in dist: run the build first')
withImports(start, loaded)
const languages = files.filter((name) => /^(fa|az|en|ru)-/.test(name)).sort((a, b) => size(b) - size(a))
if (languages.length !== 4) throw new Error(`four languages expected in dist, found ${languages.length}`)
loaded.add(languages[0])

const total = [...loaded].reduce((sum, name) => sum + size(name), 0)
for (const name of loaded) console.log(`${String(size(name)).padStart(7)}  ${name}`)
console.log(`${String(total).padStart(7)}  first route, of ${budget}`)
if (total > budget) process.exit(1)
