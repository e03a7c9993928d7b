import tseslint from 'typescript-eslint'

const noView = { group: ['**/view/*', '**/view'], message: 'view imports shared, never the reverse' }

export default tseslint.config(
  { ignores: ['dist', 'node_modules'] },
  ...tseslint.configs.recommended,
  {
    files: ['src/**/*.{ts,tsx}'],
    rules: {
      eqeqeq: ['error', 'smart'],
      'no-console': 'error',
      'prefer-const': 'error',
      // void f() is how a promise that nobody waits for is marked.
      '@typescript-eslint/no-unused-expressions': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
    },
  },
  { files: ['src/features/*/shared/**', 'src/features/*/worker/**', 'src/outbox/**'], rules: { 'no-restricted-imports': ['error', { patterns: [noView] }] } },
  {
    files: ['src/features/*/view/**'],
    ignores: ['**/*.test.ts'],
    rules: {
      // Worker folders hold the heavy parts; a static import would pull them into the first bundle.
      '@typescript-eslint/no-restricted-imports': ['error', { patterns: [{ group: ['**/worker/*', '!**/worker/*worker&inline'], allowTypeImports: true, message: 'import worker code by import() or as a Worker' }] }],
    },
  },
  { files: ['scripts/**', 'e2e/**'], rules: { 'no-console': 'off' } },
)
