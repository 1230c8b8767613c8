import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vite'
import { emptyDist, precompress } from './build/dist.ts'

export default defineConfig({
  plugins: [svelte(), emptyDist(), precompress()],
  build: {
    target: 'es2023',
    // dist/.keep is committed so that the Go package embeds before the first build; emptyDist spares it.
    emptyOutDir: false,
    // The content policy allows no data: fonts or scripts, so every asset is a file.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  // The node takes changes only from its own origin.
  server: { proxy: { '/api': { target: 'http://localhost:8080', ws: true, headers: { Origin: 'http://localhost:8080' } } } },
})
