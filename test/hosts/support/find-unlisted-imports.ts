import { existsSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join } from 'node:path';
import ts from 'typescript';
import { readManifest } from './install-packed.js';

/** What the declarations of a package import, from `entry` on, without saying that it is needed, each as `file specifier`. */
export function findUnlistedImports(folder: string, entry: string): string[] {
  const { name, dependencies, peerDependencies } = readManifest(folder);
  const listed = new Set([name, ...Object.keys({ ...dependencies, ...peerDependencies })]);
  const seen = new Set<string>();
  const unlisted: string[] = [];
  const visit = (file: string): void => {
    if (seen.has(file)) return;
    seen.add(file);
    const { importedFiles } = ts.preProcessFile(readFileSync(join(folder, file), 'utf8'), true, true);
    for (const { fileName } of importedFiles) {
      if (fileName.startsWith('.')) visit(join(dirname(file), fileName.replace(/\.js$/, '.d.ts')));
      else if (!isBuiltin(fileName) && !listed.has(getPackageName(fileName))) unlisted.push(`${file} ${fileName}`);
    }
  };
  if (!existsSync(join(folder, entry))) throw new Error(`${entry} is not in ${folder}.`);
  visit(entry);
  return unlisted;
}

function getPackageName(specifier: string): string {
  return specifier.split('/').slice(0, specifier.startsWith('@') ? 2 : 1).join('/');
}
