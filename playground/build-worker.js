#!/usr/bin/env node
/**
 * Bundles what the playground runs beside its page (the rules, the codemods, ESLint and TypeScript) into `docs/public/playground/`, from where
 * the site serves it as it is. A bundle of its own, since the site's bundler takes minutes over TypeScript.
 */
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const ofTsMorph = createRequire(createRequire(import.meta.url).resolve('ts-morph'));
const nothing = at('browser/nothing.ts');

await build({
  configFile: false,
  root: at('.'),
  logLevel: 'warn',
  publicDir: false,
  resolve: {
    alias: [
      { find: /^watertight-analysis$/, replacement: at('../analysis/index.ts') },
      { find: /^eslint-plugin-watertight$/, replacement: at('../rules/index.ts') },
      { find: /^watertight-codemods$/, replacement: at('../codemods/index.ts') },
      { find: /^eslint$/, replacement: 'eslint/universal' },
      // One TypeScript for the parser and for the codemods.
      { find: /^typescript$/, replacement: ofTsMorph.resolve('@ts-morph/common').replace(/ts-morph-common\.js$/, 'typescript.js') },
      { find: /^(?:node:)?path$/, replacement: createRequire(ofTsMorph.resolve('@ts-morph/common')).resolve('path-browserify') },
      { find: /^node:module$/, replacement: at('browser/node-module.ts') },
      { find: /^(?:node:)?(?:fs|fs\/promises|os|util|url|crypto|perf_hooks|inspector|assert)$/, replacement: nothing },
      { find: /^(?:@typescript-eslint\/project-service|typescript\/lib\/tsserverlibrary|tinyglobby|source-map-support)$/, replacement: nothing },
    ],
  },
  plugins: [
    {
      name: 'no-rules-of-eslint',
      enforce: 'pre',
      resolveId: (id, importer) => (id === '../rules' && /[\\/]eslint[\\/]lib[\\/]/.test(importer ?? '') ? at('browser/no-rules.ts') : undefined),
    },
  ],
  build: {
    outDir: at('../docs/public/playground'),
    emptyOutDir: true,
    target: 'es2022',
    modulePreload: false,
    chunkSizeWarningLimit: 20_000,
    rolldownOptions: {
      input: at('engine/worker.ts'),
      output: { entryFileNames: 'worker-[hash].js', chunkFileNames: '[name]-[hash].js' },
    },
  },
});
