import type { SourceFile } from '../source-file.js';
import type { Variable } from './scope.js';

/** A function of a module of the platform, as the file can write it. */
export interface ModuleFunction {
  /** `fs.rmSync`, `rm` */
  readonly text: string;
  /** What has to be imported for that; absent where the file has it. */
  readonly needed?: { readonly module: string; readonly name: string };
}

/** How a file writes `fs:rmSync` or `fs:promises.rm`: through what it imports already, else by a new import. */
export function findModuleFunction(origin: `fs:${string}` | `stream:${string}`, file: SourceFile): ModuleFunction {
  const [module, path] = origin.split(':') as [string, string];
  const name = path.split('.').at(-1)!;
  const isOfPromises = path.startsWith('promises.');
  const owners = isOfPromises ? new Map([[`${module}:promises`, name], [`${module}:default`, `promises.${name}`]]) : new Map([[`${module}:default`, name]]);
  let found: string | undefined;
  for (const scope of file.scopeManager.scopes) {
    if (scope.type !== 'module' && scope.block.type !== 'Program') continue;
    for (const variable of scope.variables) {
      const use = variable.references.find((reference) => reference.isRead())?.identifier;
      const known = use && file.getOrigin(use);
      const isPromisified = isMadeByCall(variable, 'util:promisify', file);
      if (known === origin && !isPromisified) return { text: variable.name };
      // const pump = promisify(pipeline);
      if (isOfPromises && isPromisified && known === `${module}:${name}`) found ??= variable.name;
      const member = known === undefined ? undefined : owners.get(known);
      if (member !== undefined && isWholeModule(variable.defs[0]?.type)) found ??= `${variable.name}.${member}`;
    }
  }
  if (found !== undefined) return { text: found };
  return { text: name, needed: { module: `node:${module}${isOfPromises ? '/promises' : ''}`, name } };
}

function isMadeByCall(variable: Variable, callee: string, file: SourceFile): boolean {
  const value = file.getOnlyValue(variable);
  return value?.type === 'CallExpression' && file.getOrigin(value.callee) === callee;
}

/** Not a local alias of something inside. */
function isWholeModule(type: string | undefined): boolean {
  return type === 'ImportBinding' || type === 'Variable';
}
