import { dirname, parse, relative } from 'node:path';

/** The base directory under which a file is linted: ESLint takes no file outside of it. */
export function getBaseDirectory(path: string, cwd: string): string {
  const isInside = !relative(cwd, path).startsWith('..') && parse(cwd).root === parse(path).root;
  return isInside ? cwd : dirname(path);
}
