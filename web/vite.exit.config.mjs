import { readFileSync } from 'node:fs'
import { defineConfig } from 'vite'
import { onePage } from './scripts/onepage.mjs'

// The page by which people leave without the operator: one file, so that it can be saved and opened from a disk.
export default defineConfig({
  publicDir: false,
  plugins: [onePage({ name: 'exit.html', title: 'Leave · TaskNet', icon: readFileSync('public/mark.svg') })],
  build: {
    target: 'es2022',
    emptyOutDir: false,
    reportCompressedSize: false,
    modulePreload: { polyfill: false },
    cssCodeSplit: false,
    rollupOptions: { input: 'src/features/exit/view/main.tsx', output: { format: 'iife' } },
  },
  worker: { format: 'iife' },
})
