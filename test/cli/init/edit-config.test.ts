import { describe, expect, it } from 'vitest';
import { editConfig } from '../../../cli/init/edit-config.js';
import type { Phase } from '../../../cli/init/phases.js';

function add(text: string, path = 'eslint.config.js', phase: Phase = 1): string {
  const { text: result, change } = editConfig(path, text, phase, true);
  expect(change).toBe('added');
  // A second time there is nothing to do.
  expect(editConfig(path, result, phase, true)).toMatchObject({ change: 'kept', text: result, before: phase });
  return result;
}

const IMPORT = `import watertight from 'eslint-plugin-watertight';\n`;

describe('editing a flat configuration', () => {
  it('puts the preset at the end of a list of several lines', () => {
    expect(add(`import js from '@eslint/js';\n\nexport default [\n  js.configs.recommended,\n  { rules: {} },\n];\n`)).toBe(
      `import js from '@eslint/js';\n${IMPORT}\nexport default [\n  js.configs.recommended,\n  { rules: {} },\n  watertight.configs['phase-1'],\n];\n`,
    );
  });

  it('keeps the style: no comma at the end, double quotes, no semicolons, tabs, CRLF', () => {
    expect(add(`import js from "@eslint/js"\r\n\r\nexport default [\r\n\tjs.configs.recommended, // base\r\n\t{ rules: {} } // ours\r\n]\r\n`)).toBe(
      `import js from "@eslint/js"\r\nimport watertight from "eslint-plugin-watertight"\r\n\r\nexport default [\r\n\tjs.configs.recommended, // base\r\n\t{ rules: {} }, // ours\r\n\twatertight.configs["phase-1"]\r\n]\r\n`,
    );
  });

  it('stays on the line of a list on one line', () => {
    expect(add(`export default [{ rules: {} }];\n`)).toBe(`${IMPORT}\nexport default [{ rules: {} }, watertight.configs['phase-1']];\n`);
    expect(add(`export default [{\n  rules: {},\n}];\n`)).toContain(`}, watertight.configs['phase-1']];`);
    expect(add(`export default [];\n`)).toContain(`export default [watertight.configs['phase-1']];`);
    expect(add(`export default [\n  // nothing yet\n];\n`)).toContain(`[\n  // nothing yet\n  watertight.configs['phase-1'],\n];`);
  });

  it('adds to a list that spreads others, behind comments of the last setting', () => {
    expect(add(`import a from './a.js'; // shared\nexport default [\n  ...a,\n  ...a.more, /* all */\n  // off(),\n];\n`)).toBe(
      `import a from './a.js'; // shared\n${IMPORT}export default [\n  ...a,\n  ...a.more, /* all */\n  watertight.configs['phase-1'],\n  // off(),\n];\n`,
    );
  });

  it('adds to the list, or to the arguments, of a composer', () => {
    expect(add(`import { defineConfig } from 'eslint/config';\nexport default defineConfig([\n  { rules: {} },\n]);\n`)).toContain(`{ rules: {} },\n  watertight.configs['phase-1'],\n]);`);
    expect(add(`import { defineConfig as d } from 'eslint/config';\nexport default d({ rules: {} }, [{}]);\n`)).toContain(`d({ rules: {} }, [{}], watertight.configs['phase-1']);`);
    expect(add(`import tseslint from 'typescript-eslint';\nexport default tseslint.config(\n  tseslint.configs.recommended,\n);\n`)).toContain(
      `tseslint.config(\n  tseslint.configs.recommended,\n  watertight.configs['phase-1'],\n);`,
    );
    expect(add(`import * as tseslint from 'typescript-eslint';\nexport default tseslint.config();\n`)).toContain(`tseslint.config(watertight.configs['phase-1']);`);
  });

  it('follows a constant, and looks behind type assertions', () => {
    expect(add(`import type { Linter } from 'eslint';\nconst config: Linter.Config[] = [\n  {},\n];\nexport default config;\n`, 'eslint.config.ts')).toContain(
      `Config[] = [\n  {},\n  watertight.configs['phase-1'],\n];\nexport default config;`,
    );
    expect(add(`export default [{}] satisfies object[] as object[];\n`, 'eslint.config.ts')).toContain(`[{}, watertight.configs['phase-1']] satisfies`);
  });

  it('loads the plugin as the file loads its modules', () => {
    expect(add(`'use strict';\n\nconst js = require('@eslint/js');\n\nmodule.exports = [js.configs.recommended];\n`, 'eslint.config.cjs')).toBe(
      `'use strict';\n\nconst js = require('@eslint/js');\nconst watertight = require('eslint-plugin-watertight');\n\nmodule.exports = [js.configs.recommended, watertight.configs['phase-1']];\n`,
    );
    expect(add(`'use strict';\nmodule.exports = [{}];\n`)).toBe(`'use strict';\nconst watertight = require('eslint-plugin-watertight');\n\nmodule.exports = [{}, watertight.configs['phase-1']];\n`);
    expect(add(`const { defineConfig } = require('eslint/config');\nmodule.exports = defineConfig([{}]);\n`)).toContain(`defineConfig([{}, watertight.configs['phase-1']]);`);
    expect(add(`import lib = require('./lib');\nexport = [lib];\n`, 'eslint.config.cts')).toContain(`const watertight = require('eslint-plugin-watertight');\nexport = [lib, watertight`);
  });

  it('makes a list where there is none', () => {
    expect(add(`export default {\n  rules: {},\n};\n`)).toContain(`export default [{\n  rules: {},\n}, watertight.configs['phase-1']];`);
    expect(add(`import antfu from '@antfu/eslint-config';\nexport default antfu({ vue: true });\n`)).toContain(`export default [await antfu({ vue: true }), watertight.configs['phase-1']].flat();`);
    expect(add(`import lib from './lib.js';\nexport default lib;\n`)).toContain(`[await lib, watertight.configs['phase-1']].flat();`);
    expect(add(`module.exports = require('./lib');\n`)).toContain(`module.exports = [require('./lib'), watertight.configs['phase-1']].flat();`);
    expect(add(`const all = [{}];\nexport default all.concat([{}]);\n`)).toContain(`[...all.concat([{}]), watertight.configs['phase-1']];`);
    expect(add(`module.exports = (async () => {\n  const js = await import('@eslint/js');\n  return [js];\n})();\n`)).toContain(`return [js, watertight.configs['phase-1']];`);
  });

  it('leaves the head of the file where it is, and the comment of the export with it', () => {
    expect(add(`// @ts-check\n/** @type {import('eslint').Linter.Config[]} */\nexport default [];\n`)).toBe(
      `// @ts-check\n${IMPORT}\n/** @type {import('eslint').Linter.Config[]} */\nexport default [watertight.configs['phase-1']];\n`,
    );
    expect(add(`/* Licence */\n\nexport default [];\n`)).toBe(`/* Licence */\n\n${IMPORT}\nexport default [watertight.configs['phase-1']];\n`);
  });

  it('takes a name that is free', () => {
    expect(add(`const watertight = true;\nexport default [{ files: [String(watertight)] }];\n`)).toContain(`, watertightPlugin.configs['phase-1']];`);
  });

  it('moves the phase when asked, and touches no use of one\'s own', () => {
    const text = add(`export default [{}];\n`);
    expect(editConfig('a.js', text, 2, true)).toEqual({ text: text.replace('phase-1', 'phase-2'), change: 'moved', before: 1 });
    expect(editConfig('a.js', text, 2, false)).toEqual({ text, change: 'kept', before: 1 });
    const own = `${IMPORT}export default [watertight.configs.recommended, { name: 'phase-1' }];\n`;
    expect(editConfig('a.js', own, 2, true)).toEqual({ text: own, change: 'kept', before: undefined });
  });

  it('knows the plugin again when it is imported as the file runs', () => {
    const text = `const { default: wt } = await import('eslint-plugin-watertight');\nexport default [wt.configs['phase-1']];\n`;
    expect(editConfig('a.js', text, 2, true)).toMatchObject({ text: text.replace('phase-1', 'phase-2'), change: 'moved', before: 1 });
  });

  it('says what it cannot work with', () => {
    expect(() => add(`import a from './a.js';\nexport { a as default };\n`)).toThrow('exports by name what is not made in it');
    expect(() => add('export const a = 1;\n')).toThrow('has no default export');
    expect(() => add('export default [;\n')).toThrow('cannot be parsed');
  });
});
