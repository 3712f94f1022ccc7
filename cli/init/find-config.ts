import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { UsageError } from '../errors.js';
import { CONFIG_NAMES } from '../lint/project-configs.js';

const LEGACY_NAMES = ['.eslintrc', '.eslintrc.js', '.eslintrc.cjs', '.eslintrc.json', '.eslintrc.yaml', '.eslintrc.yml'];

/**
 * The flat configuration for a directory: its own, or, inside a Git repository, the nearest one above it. Undefined when
 * there is none. A `UsageError` where the project still has the older format, which a new flat configuration would switch off.
 */
export function findConfig(cwd: string): string | undefined {
  const top = findTop(cwd);
  for (let directory = cwd; ; directory = dirname(directory)) {
    const name = CONFIG_NAMES.find((candidate) => existsSync(join(directory, candidate)));
    if (name !== undefined) return join(directory, name);
    const legacy = LEGACY_NAMES.find((candidate) => existsSync(join(directory, candidate)));
    if (legacy !== undefined || hasLegacySettings(join(directory, 'package.json'))) {
      throw new UsageError(
        `${join(directory, legacy ?? 'package.json')} holds settings in the format before eslint.config.js, which the presets do not fit into.`,
        'Convert it first (npx @eslint/migrate-config does most of it), then run the command again.',
      );
    }
    if (directory === top) return undefined;
  }
}

function findTop(cwd: string): string {
  for (let directory = cwd; ; directory = dirname(directory)) {
    if (existsSync(join(directory, '.git'))) return directory;
    if (directory === dirname(directory)) return cwd;
  }
}

function hasLegacySettings(manifest: string): boolean {
  if (!existsSync(manifest)) return false;
  try {
    return 'eslintConfig' in (JSON.parse(readFileSync(manifest, 'utf8')) as object);
  } catch {
    return false;
  }
}
