import { dirname, relative, resolve, sep } from 'node:path';
import type { FileTypes, Target } from 'watertight-codemods';
import { findPackage } from './find-package.js';
import { canUseUsing } from './can-use-using.js';
import { getModuleFormat } from './get-module-format.js';

export interface TargetOptions {
  readonly cwd: string;
  /** A package, or a path: absolute or relative to `cwd`. */
  readonly runtimeModule: string;
  readonly style: Target['style'];
}

/** What the code that is written into a file may use. */
export async function getTarget(
  path: string,
  text: string,
  types: () => Pick<FileTypes, 'accepts' | 'lowering'>,
  { cwd, runtimeModule, style }: TargetOptions,
): Promise<Target> {
  const owner = await findPackage(path);
  return {
    style,
    runtimeModule: /^\.{0,2}\//.test(runtimeModule) ? getRelativeSpecifier(path, resolve(cwd, runtimeModule)) : runtimeModule,
    // Asked for only by codemods that could write it: the answer may take a type check.
    get canUseUsing() {
      return style !== 'try-finally' && canUseUsing(path, owner, types);
    },
    moduleFormat: getModuleFormat(path, text, owner.type),
    lowestNode: owner.lowestNode,
    dependencies: owner.dependencies,
  };
}

function getRelativeSpecifier(from: string, to: string): string {
  const specifier = relative(dirname(from), to).split(sep).join('/');
  return specifier.startsWith('.') ? specifier : `./${specifier}`;
}
