import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ESLint } from 'eslint';

/** Of any ESLint that the project may have: 8.57, where flat configuration must be asked for, to 10. */
interface EslintModule {
  readonly loadESLint: (options: { readonly useFlatConfig: boolean }) => Promise<typeof ESLint>;
}

/** The project's own ESLint for one configuration file, else that of this command. The nearest configuration decides, as in ESLint 10. */
export async function loadEslint(configPath: string): Promise<ESLint> {
  const { loadESLint } = await importEslint(configPath);
  const Engine = await loadESLint({ useFlatConfig: true });
  return new Engine({ cwd: dirname(configPath), overrideConfigFile: configPath });
}

async function importEslint(configPath: string): Promise<EslintModule> {
  let path: string;
  try {
    path = createRequire(configPath).resolve('eslint');
  } catch {
    return await import('eslint');
  }
  const loaded = (await import(pathToFileURL(path).href)) as EslintModule & { default?: EslintModule };
  return loaded.default ?? loaded;
}

export interface EslintCommand {
  /** The file that Node runs. */
  readonly bin: string;
  readonly version: string;
}

/** The `eslint` command of the project; undefined when it has none. */
export function findEslintCommand(configPath: string): EslintCommand | undefined {
  try {
    const require = createRequire(configPath);
    const manifest = require.resolve('eslint/package.json');
    const { version } = require(manifest) as { version: string };
    return { bin: join(dirname(manifest), 'bin', 'eslint.js'), version };
  } catch {
    return undefined;
  }
}
