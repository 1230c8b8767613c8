// What happens to web/dist around a build: emptied before, compressed copies beside each file after.
import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import type { Plugin } from 'vite'

const brotli = promisify(brotliCompress)
const zip = promisify(gzip)

// woff2 and png are compressed already.
const worthCompressing = /\.(html|js|css|svg|json|txt)$/

export function emptyDist(): Plugin {
  let dist = ''
  return {
    name: 'empty-dist',
    apply: 'build',
    configResolved(config) { dist = join(config.root, config.build.outDir) },
    async buildStart() {
      for (const name of await readdir(dist)) {
        if (name !== '.keep') await rm(join(dist, name), { recursive: true })
      }
    },
  }
}

export function precompress(): Plugin {
  let dist = ''
  return {
    name: 'precompress',
    apply: 'build',
    enforce: 'post',
    configResolved(config) { dist = join(config.root, config.build.outDir) },
    async closeBundle() {
      for (const entry of await readdir(dist, { recursive: true, withFileTypes: true })) {
        if (!entry.isFile() || !worthCompressing.test(entry.name)) continue
        const file = join(entry.parentPath, entry.name)
        const body = await readFile(file)
        await writeFile(file + '.gz', await zip(body, { level: 9 }))
        await writeFile(file + '.br', await brotli(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }))
      }
    },
  }
}
