import { defineConfig } from 'vitest/config'

export default defineConfig({
  base: '/',
  build: {
    target: 'es2022',
    assetsInlineLimit: 0, // a data: address would need a wider content security policy
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rollupOptions: {
      input: { main: 'index.html' },
      output: {
        entryFileNames: 'assets/[name]-[hash].js',
        // Languages lie apart, so that the service worker can tell which file is which language's.
        chunkFileNames: ({ facadeModuleId }) => (/\/src\/language\/\w+\.ts$/.test(facadeModuleId ?? '') ? 'assets/language/[name]-[hash].js' : 'assets/[name]-[hash].js'),
        // What the first page needs comes in one file: each further one is another wait for the network, or for the service worker.
        codeSplitting: { groups: [{ name: 'first', tags: ['$initial'] }] },
        assetFileNames: 'assets/[name]-[hash][extname]',
      },
    },
  },
  worker: { format: 'es' },
  server: { proxy: { '/v1': 'http://127.0.0.1:8080', '/media': 'http://127.0.0.1:8080' } },
  test: { include: ['src/**/*.test.ts'], environment: 'node', css: true, testTimeout: 30_000 },
})
