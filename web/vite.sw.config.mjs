import { defineConfig } from 'vite'

// The service worker is one classic script: not every browser runs workers that import. It lies at the root, under a
// name that never changes, because its scope is its folder and browsers look for updates under the old name.
export default defineConfig({
  publicDir: false,
  build: {
    target: 'es2022',
    emptyOutDir: false,
    reportCompressedSize: false,
    modulePreload: { polyfill: false },
    rollupOptions: { input: 'src/sw/sw.ts', output: { format: 'iife', entryFileNames: 'sw.js' } },
  },
})
