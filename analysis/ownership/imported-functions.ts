import { type DeclaredName, getNameKey } from '../modules/declaration-text.js';
import { findDeclaredFunction } from '../modules/find-declared-function.js';
import { type FunctionPlace, findExportedFunction } from '../modules/find-exported.js';
import { getImportedNames } from '../modules/imported-names.js';
import { type Lookup, isLookupUpToDate } from '../modules/lookup.js';
import { MAX_DISTANCE, mayAcquire, mayImportAcquiring } from '../modules/may-acquire.js';
import type { Module } from '../modules/module-provider.js';
import type { ResourceKind } from '../resources/resource-kind.js';
import type { SourceFile } from '../source-file.js';
import { type Node, skipWrappers } from '../syntax/node.js';

interface FoundModule {
  readonly module: Module;
  /** What the file exports it as, where that is a name of its own. */
  readonly name?: DeclaredName | undefined;
  getPlace(): FunctionPlace | undefined;
}

/** The functions of other files that one file calls, found by its relative imports. */
export class ImportedFunctions {
  readonly #file: SourceFile;
  readonly #kind: ResourceKind;
  readonly #distance: number;
  readonly #lookups = new Map<string, Lookup>();
  readonly #found = new Map<Node, FunctionPlace | undefined>();
  readonly #acquiring = new Map<Module, Map<string, { readonly name: DeclaredName | undefined; readonly answer: boolean }>>();
  #mayAcquire: boolean | undefined;

  /** `distance` is how many imports away the file is from the one that is linted. */
  constructor(file: SourceFile, kind: ResourceKind, distance: number) {
    this.#file = file;
    this.#kind = kind;
    this.#distance = distance;
  }

  /** Whether every file that was looked at is still the same. */
  isUpToDate(): boolean {
    const areFound = [...this.#lookups.values()].every((lookup) => isLookupUpToDate(lookup, this.#file.modules));
    return areFound && [...this.#acquiring].every(([module, answers]) => [...answers.values()].every(({ name, answer }) => this.#mayBeAcquiring(module, name) === answer));
  }

  /** Whether a function that is imported could return a resource of the kind, by the words in the files that declare it. */
  mayAcquire(): boolean {
    if (!this.#canRead()) return false;
    this.#mayAcquire ??= mayImportAcquiring(getImportedNames(this.#file), this.#file.filename!, [this.#kind], this.#file.modules!);
    // Which file another name stands for only types tell, and they are asked call by call.
    return this.#mayAcquire || this.#file.types?.getDeclaration !== undefined;
  }

  /** The function that a callee names, where it could return a resource of the kind. */
  findAcquiring(callee: Node): FunctionPlace | undefined {
    const found = this.#canRead() ? this.#findModule(callee) : undefined;
    return found && this.#isAcquiring(found.module, found.name) ? this.find(callee) : undefined;
  }

  /** The function that a callee names, in whichever file it stands. */
  find(callee: Node): FunctionPlace | undefined {
    if (!this.#canRead()) return undefined;
    if (this.#found.has(callee)) return this.#found.get(callee);
    this.#found.set(callee, undefined);
    const place = this.#findModule(callee)?.getPlace();
    this.#found.set(callee, place);
    return place;
  }

  /** The file that a callee is imported from, by a relative import or by its type. */
  #findModule(callee: Node): FoundModule | undefined {
    const node = skipWrappers(callee);
    if (node.type !== 'Identifier' && node.type !== 'MemberExpression') return undefined;
    const imported = this.#file.getImport(node);
    if (imported) {
      const module = this.#find(imported.specifier, this.#file.filename!);
      return (
        module && {
          module,
          name: toDeclaredName(imported.members),
          getPlace: () => findExportedFunction(module, imported.members, (specifier, from) => this.#find(specifier, from.filename!)),
        }
      );
    }
    return isFromPackage(this.#file.getOrigin(node)) ? this.#findDeclared(node) : undefined;
  }

  #findDeclared(callee: Node): FoundModule | undefined {
    const declared = this.#file.types?.getDeclaration?.(callee);
    const module = declared && declared.path !== this.#file.filename ? this.#file.modules!.open(declared.path) : undefined;
    if (!declared || !module) return undefined;
    const getPlace = () => {
      const fn = module.file && findDeclaredFunction(module.file, declared.name, declared.offset);
      return fn && { fn, file: module.file };
    };
    return { module, getPlace };
  }

  #canRead(): boolean {
    return this.#distance < MAX_DISTANCE && this.#file.modules !== undefined && this.#file.filename !== undefined;
  }

  #isAcquiring(module: Module | undefined, name: DeclaredName | undefined): boolean {
    if (!module) return false;
    const known = this.#acquiring.get(module) ?? new Map<string, { name: DeclaredName | undefined; answer: boolean }>();
    this.#acquiring.set(module, known);
    const key = getNameKey(name);
    let answer = known.get(key);
    if (!answer) known.set(key, (answer = { name, answer: this.#mayBeAcquiring(module, name) }));
    return answer.answer;
  }

  #mayBeAcquiring(module: Module, name: DeclaredName | undefined): boolean {
    return mayAcquire(module, name, this.#kind, MAX_DISTANCE - this.#distance - 1, this.#file.modules!);
  }

  #find(specifier: string, from: string): Module | undefined {
    const key = `${from}\0${specifier}`;
    const known = this.#lookups.get(key);
    if (known) return known.module;
    const module = this.#file.modules!.find(specifier, from);
    this.#lookups.set(key, { specifier, from, module });
    return module;
  }
}

/** `Pool`, `Pool.prototype.run`; undefined for what is exported by default. */
function toDeclaredName([name, ...rest]: readonly string[]): DeclaredName | undefined {
  if (name === undefined || name === 'default') return undefined;
  const [first, method, ...more] = rest;
  return { name: name.replace('()', ''), method: first === 'prototype' && more.length === 0 ? method?.replace('()', '') : undefined };
}

/** `some-package:f`: a package of the workspace may have its source at hand, the platform has none. */
function isFromPackage(origin: string | undefined): boolean {
  return origin !== undefined && !/^(?:global|fs|path|os|util|events|http|https|net|stream|child_process|crypto|url|process|assert|buffer|timers):/.test(origin);
}
