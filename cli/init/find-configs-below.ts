import { readFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { findFiles } from '../files/find-files.js';
import { CONFIG_NAMES } from '../lint/project-configs.js';

/**
 * The flat configurations in directories below that of another one, which ESLint takes instead of it there; less those that
 * have the plugin or take over the settings of another configuration.
 */
export async function findConfigsBelow(configPath: string): Promise<string[]> {
  const top = dirname(configPath);
  // In a project without sources there is nothing to find.
  const { files } = await findFiles(['.'], top).catch(() => ({ files: [] }));
  const others = files.filter((file) => CONFIG_NAMES.includes(basename(file)) && dirname(file) !== top);
  const texts = await Promise.all(others.map((file) => readFile(file, 'utf8')));
  return others.filter((_, index) => !/watertight|\/eslint\.config(?:\.[cm]?[jt]s)?['"]/.test(texts[index]!));
}
