import { readFile } from 'node:fs/promises';
import { UsageError, getErrorMessage } from '../errors.js';
import type { Suppressions } from '../lint/apply-suppressions.js';

/** The bulk suppressions in a file, or undefined where there is no such file. */
export async function readSuppressions(path: string): Promise<Suppressions | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch {
    return undefined;
  }
  try {
    return JSON.parse(text) as Suppressions;
  } catch (error) {
    throw new UsageError(`${path} is not valid JSON: ${getErrorMessage(error)}`, 'Write it anew with `eslint --suppress-all`, or remove it.', { cause: error });
  }
}
