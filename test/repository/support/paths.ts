import { readdirSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));
export const PACKAGES = ['analysis', 'rules', 'codemods', 'cli', 'runtime'] as const;
export type PackageFolder = (typeof PACKAGES)[number];

/** The TypeScript sources of a package, from the root, with `/`. */
export function findSources(folder: string): string[] {
  return walk(join(ROOT, folder))
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.d.ts'))
    .map((path) => relative(ROOT, path).split(sep).join('/'))
    .sort();
}

/** The names of the files right in a folder that end so, without the ending. */
export function findNames(folder: string, ending: string): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(ending) && !entry.name.endsWith(`.d${ending}`))
    .map((entry) => entry.name.slice(0, -ending.length))
    .sort();
}

function walk(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) return ['dist', 'node_modules'].includes(entry.name) ? [] : walk(path);
    return [path];
  });
}
