// Runs in a process of its own, as a user's ESLint does: node lint-files.js '{ eslint, parsers, files, typed, useRequire }' in the directory of the files.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const { eslint, parsers, files, typed, preset } = JSON.parse(process.argv[2]);
const load = async (path) => {
  const loaded = await import(pathToFileURL(path).href);
  return loaded.default ?? loaded;
};
const here = createRequire(join(process.cwd(), 'x.js'));
const plugin = await load(here.resolve('eslint-plugin-watertight'));
const { loadESLint, ESLint, version } = await load(eslint);
const [ts, vue, svelte] = await Promise.all([parsers.ts, parsers.vue, parsers.svelte].map(load));
// ESLint 8 has flat configuration only when asked for it.
const Engine = loadESLint ? await loadESLint({ useFlatConfig: true }) : ESLint;

const typedOptions = typed ? { projectService: true, tsconfigRootDir: process.cwd(), disallowAutomaticSingleRunInference: true } : {};
const engine = new Engine({
  overrideConfigFile: true,
  overrideConfig: [
    { files: ['**/*.{js,jsx,ts,tsx,vue,svelte}'], ...plugin.configs[preset] },
    { files: ['**/*.jsx'], languageOptions: { parserOptions: { ecmaFeatures: { jsx: true } } } },
    { files: ['**/*.{ts,tsx}'], languageOptions: { parser: ts, parserOptions: typedOptions } },
    { files: ['**/*.vue'], languageOptions: { parser: vue, parserOptions: { parser: ts } } },
    { files: ['**/*.svelte'], languageOptions: { parser: svelte, parserOptions: { parser: ts } } },
  ],
});
const results = await engine.lintFiles(files);
const messages = results.flatMap((result) =>
  result.messages.map(({ ruleId, line, message, fatal, suggestions }) => ({
    file: result.filePath.slice(process.cwd().length + 1),
    rule: ruleId,
    line,
    message,
    isFatal: fatal ?? false,
    suggestions: suggestions?.length ?? 0,
  })),
);
process.stdout.write(JSON.stringify({ version: Engine.version ?? version, messages }));
