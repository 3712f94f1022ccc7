import { type ModuleProvider, type ResourceKind, getImportedNames, mayAcquireItself, mayImportAcquiring } from 'watertight-analysis';
import type { UnparsedFile } from './plugin-types.js';

/** The file that was asked about last: several rules ask about the same one, and what its text says is kept by the object. */
let last: UnparsedFile | undefined;

/** Whether a file may acquire a resource of one of the kinds, itself or by a function of a file that it imports; told by the texts. */
export function mayAcquire({ text, filename }: UnparsedFile, kinds: readonly ResourceKind[], findModules: () => ModuleProvider | undefined): boolean {
  if (last?.text !== text || last.filename !== filename) last = { text, filename };
  const file = last;
  if (kinds.some((kind) => mayAcquireItself(file, kind))) return true;
  const names = getImportedNames(file);
  const modules = names.length > 0 ? findModules() : undefined;
  return modules !== undefined && mayImportAcquiring(names, filename, kinds, modules);
}
