import type { Acquisition, ResourceKind } from '../resources/resource-kind.js';
import { findDeclarationText } from './declaration-text.js';
import { getImportedNames } from './imported-names.js';
import type { Module } from './module-provider.js';
import { getPassedOn } from './passed-on.js';

const answers = new WeakMap<Module, Map<ResourceKind, readonly RegExp[]>>();
const clues = new WeakMap<ResourceKind, readonly Clue[]>();
const packages = new WeakMap<Module, ReadonlySet<string>>();

/** What stands in the text of every file that calls one function of the catalogue. */
interface Clue {
  /** The package it is imported from; undefined where it is a global or a method of anything. */
  readonly module: string | undefined;
  readonly word: RegExp;
  /** What else the text has where the call counts. */
  readonly beside?: RegExp | undefined;
}

/** Looks a relative specifier up for the file at a path. */
type FindModule = (specifier: string, from: string) => Module | undefined;

/**
 * Whether what a file exports under a name could be a function that returns a resource of the kind, told by the text:
 * by the words where the name is declared, in what is called from there, and, up to a number of imports, in other files.
 * Without them none of these files need be parsed. A name that is not given stands for all that the file exports.
 */
export function mayAcquire(module: Module, name: string | undefined, kind: ResourceKind, imports: number, find: FindModule): boolean {
  return new Search(kind, find).mayAcquire(module, name, imports);
}

class Search {
  readonly #kind: ResourceKind;
  readonly #find: FindModule;
  readonly #visited = new Set<string>();

  constructor(kind: ResourceKind, find: FindModule) {
    this.#kind = kind;
    this.#find = find;
  }

  mayAcquire(module: Module, name: string | undefined, imports: number): boolean {
    const key = `${module.path}\0${name ?? ''}`;
    if (this.#visited.has(key)) return false;
    this.#visited.add(key);
    const words = findWords(module, this.#kind);
    const declared = name === undefined || (words.length === 0 && imports === 0) ? undefined : findDeclarationText(module, name);
    if (declared) {
      if (words.some((word) => word.test(declared.text))) return true;
      return imports > 0 && this.#mayImport(module, (local) => declared.values.has(local), imports - 1);
    }
    if (words.length > 0) return true;
    // export … from './other', import { name } from './other'; export { name }
    if (getPassedOn(module).some((specifier) => this.#mayAcquireFrom(module, specifier, name, imports))) return true;
    return this.#mayImport(module, (local) => local === name, imports) || (imports > 0 && name === undefined && this.#mayImport(module, () => true, imports - 1));
  }

  #mayImport(module: Module, isWanted: (local: string) => boolean, imports: number): boolean {
    return getImportedNames(module).some(({ specifier, local, imported }) => local !== undefined && isWanted(local) && this.#mayAcquireFrom(module, specifier, imported, imports));
  }

  #mayAcquireFrom(module: Module, specifier: string, name: string | undefined, imports: number): boolean {
    const next = this.#find(specifier, module.path);
    return next !== undefined && this.mayAcquire(next, name, imports);
  }
}

function findWords(module: Module, kind: ResourceKind): readonly RegExp[] {
  let known = answers.get(module);
  if (!known) answers.set(module, (known = new Map<ResourceKind, readonly RegExp[]>()));
  let words = known.get(kind);
  if (!words) {
    const { text } = module;
    const isThere = (clue: Clue) => (clue.module === undefined || getPackages(module).has(clue.module)) && (clue.beside?.test(text) ?? true) && clue.word.test(text);
    known.set(kind, (words = getClues(kind).filter(isThere).map(({ word }) => word)));
  }
  return words;
}

function getClues(kind: ResourceKind): readonly Clue[] {
  let known = clues.get(kind);
  if (!known) clues.set(kind, (known = kind.acquisitions.flatMap(toClues)));
  return known;
}

function toClues({ calls = [], derivedBy = [], only, isTemporaryPath, isReleasedElsewhere }: Acquisition): Clue[] {
  // What the same function removes again is not what it returns.
  if (isReleasedElsewhere) return [];
  // { responseType: 'stream' }: the property tells more than the function that is given it.
  if (only?.property !== undefined) return [{ module: undefined, word: toPattern(only.property, '') }];
  if (isTemporaryPath) return calls.map((call) => ({ ...toClue(call), beside: /te?mp/i }));
  return [...calls.map(toClue), ...derivedBy.map((name) => ({ module: undefined, word: toPattern(name, CALLED) }))];
}

function toClue(origin: string): Clue {
  if (origin.startsWith('.')) return { module: undefined, word: toPattern(origin.slice(1), CALLED) };
  const [module = '', path = ''] = origin.split(':');
  const member = path.split('.').filter((name) => name !== 'default' && name !== '*' && name !== 'prototype').at(-1)?.replace('()', '');
  return { module: module === 'global' || module === '*' ? undefined : module, word: member === undefined ? /(?:)/ : toPattern(member, CALLED) };
}

/** open(…), open<T>(…), promisify(open), [open, close] */
const CALLED = String.raw`\s*[(<),\]?]`;

function toPattern(name: string, rest: string): RegExp {
  return new RegExp(`(?<![\\w$])${name.replace(/[$.*+?^()[\]{}|\\/-]/g, String.raw`\$&`)}(?![\\w$])${rest}`);
}

/** The packages that a text imports: `fs` for `node:fs/promises`, and `fs/promises` as well. */
function getPackages(module: Module): ReadonlySet<string> {
  let known = packages.get(module);
  if (!known) {
    const names = [...module.text.matchAll(/(?:\bfrom|\bimport|\brequire\s*\(|\bimport\s*\()\s*['"](?:node:)?([^'".][^'"\n]*)['"]/g)].map(([, name]) => name!);
    packages.set(module, (known = new Set(names.flatMap((name) => [name, name.replace(/\/promises?$/, '')]))));
  }
  return known;
}
