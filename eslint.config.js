import eslintPlugin from 'eslint-plugin-eslint-plugin';
import watertight from 'eslint-plugin-watertight';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

export default defineConfig(
  // Fixtures are buggy on purpose, the other folders are made.
  globalIgnores(['**/dist/', 'fixtures/', 'coverage/', 'docs/.vitepress/cache/', 'docs/public/playground/']),
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  watertight.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: {
      parserOptions: {
        projectService: true,
        tsconfigRootDir: import.meta.dirname,
        // Single runs lose the types of later files under CI=true.
        disallowAutomaticSingleRunInference: true,
      },
    },
    rules: {
      // A signal may be aborted with anything, and it is passed on as it is.
      '@typescript-eslint/prefer-promise-reject-errors': ['error', { allowThrowingUnknown: true, allowThrowingAny: true }],
      // Nodes are told apart by the names of their types: the enumeration of those names is a value, and rules import only types.
      '@typescript-eslint/no-unsafe-enum-comparison': 'off',
      // A leading underscore says that a parameter is there for its place only.
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrors: 'none' }],
    },
  },
  {
    files: ['rules/*.ts'],
    extends: [eslintPlugin.configs.recommended],
    // `createRule` makes the schema out of the options.
    rules: { 'eslint-plugin/require-meta-schema': 'off' },
  },
  {
    files: ['test/**/*.ts'],
    // Matchers are `any`, doubles of asynchronous functions have nothing to wait for, and odd values are what is tested.
    rules: {
      '@typescript-eslint/no-base-to-string': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/only-throw-error': 'off',
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/restrict-template-expressions': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
);
