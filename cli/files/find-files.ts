import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { glob, isDynamicPattern } from 'tinyglobby';
import { UsageError } from '../errors.js';
import { GitIgnore } from './git-ignore.js';

const EXTENSIONS = ['ts', 'tsx', 'mts', 'cts', 'js', 'jsx', 'mjs', 'cjs'];
const SOURCE = new RegExp(`\\.(?:${EXTENSIONS.join('|')})$`);
/** What tools write, under names that hardly ever mean anything else; and what is not the project's own. */
const SKIPPED_DIRECTORIES = [
  'node_modules',
  'bower_components',
  'jspm_packages',
  '.git',
  'dist',
  'build',
  'out',
  'coverage',
  '__generated__',
  '.cache',
  '.next',
  '.nuxt',
  '.output',
  '.svelte-kit',
  '.turbo',
  '.vercel',
  '.netlify',
  '.wrangler',
  '.yarn',
];

export interface FoundFiles {
  /** Absolute, sorted, each once. */
  readonly files: readonly string[];
  /** Those that the user named one by one: they are looked at whatever they are. */
  readonly named: ReadonlySet<string>;
}

/** The source files under files, directories and glob patterns. A `UsageError` when a pattern matches nothing. */
export async function findFiles(patterns: readonly string[], cwd: string): Promise<FoundFiles> {
  const files = new Set<string>();
  const named = new Set<string>();
  const ignored = new GitIgnore(cwd);
  for (const pattern of patterns) {
    const path = resolve(cwd, pattern);
    const stats = await stat(path).catch(() => undefined);
    if (stats?.isFile()) {
      if (!SOURCE.test(path)) throw new UsageError(`\`${pattern}\` is no JavaScript or TypeScript file.`, `Known endings: ${EXTENSIONS.join(', ')}.`);
      named.add(path);
      files.add(path);
      continue;
    }
    if (!stats && !isDynamicPattern(pattern)) throw new UsageError(`\`${pattern}\` does not exist.`, `It was looked for as ${path}.`);
    const found = stats ? await search(`**/*.{${EXTENSIONS.join(',')}}`, path) : await search(pattern, cwd);
    const kept = found.filter((file) => SOURCE.test(file) && !/\.d\.[cm]?ts$/.test(file) && !ignored.has(file));
    if (kept.length === 0) {
      throw new UsageError(
        `No file to look at matches \`${pattern}\`.`,
        `Files that are looked at: ${EXTENSIONS.join(', ')}; not declarations, what .gitignore leaves out, or directories such as node_modules and dist.`,
      );
    }
    for (const file of kept) files.add(file);
  }
  return { files: [...files].sort(), named };
}

function search(pattern: string, cwd: string): Promise<string[]> {
  const ignore = SKIPPED_DIRECTORIES.map((name) => `**/${name}/**`);
  return glob(pattern, { cwd, ignore, absolute: true, dot: true, onlyFiles: true, followSymbolicLinks: false, expandDirectories: false });
}
