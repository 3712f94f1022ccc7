import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Context } from '../context.js';
import { UsageError, getErrorMessage } from '../errors.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import { mergeSarif } from '../reporters/merge-sarif.js';

/** Makes one SARIF document of those that were written for the parts of a repository. */
export async function merge(paths: readonly string[], { output }: { readonly output: string }, { io }: Context): Promise<ExitCode> {
  const documents = await Promise.all(paths.map(async (name) => ({ name, text: await read(resolve(io.cwd, name), name) })));
  const merged = mergeSarif(documents);
  if (output === '-') io.stdout.write(merged);
  else await writeFile(resolve(io.cwd, output), merged);
  return EXIT.clean;
}

async function read(path: string, shown: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new UsageError(`${shown} cannot be read: ${getErrorMessage(error)}`, 'Give the SARIF files to merge.', { cause: error });
  }
}
