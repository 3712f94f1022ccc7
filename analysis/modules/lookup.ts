import type { Module, ModuleProvider } from './module-provider.js';

/** A lookup that a conclusion rests on: it holds for as long as the same module comes back. */
export interface Lookup {
  readonly specifier: string;
  readonly from: string;
  readonly module: Module | undefined;
}

export function isLookupUpToDate({ specifier, from, module }: Lookup, modules: ModuleProvider | undefined): boolean {
  return modules?.find(specifier, from) === module;
}
