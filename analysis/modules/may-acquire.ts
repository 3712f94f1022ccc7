import type { ResourceKind } from '../resources/resource-kind.js';
import { type Clue, countClues, findClues, getClues } from './clues.js';
import { type DeclaredName, findDeclarationText, getNameKey } from './declaration-text.js';
import { type ImportedName, getImportedNames } from './imported-names.js';
import { type Lookup, isLookupUpToDate } from './lookup.js';
import type { Module, ModuleProvider } from './module-provider.js';
import { getPassedOn } from './passed-on.js';

/** Functions further away than this many imports stay unknown. */
export const MAX_DISTANCE = 2;

interface Answer {
  readonly clues: ReadonlySet<Clue>;
  readonly lookups: readonly Lookup[];
  readonly vocabulary: number;
  /** When its lookups were last seen to hold. */
  generation: number;
}

const cluesOfTexts = new WeakMap<Module, { readonly clues: ReadonlySet<Clue>; readonly vocabulary: number }>();
const answers = new WeakMap<Module, Map<string, Answer>>();

/**
 * Whether what a file exports under a name could be a function that returns a resource of the kind, told by the text:
 * by the words where the name is declared, in what is called from there, and, up to a number of imports, in other files.
 * Without them none of these files need be parsed. A name that is not given stands for all that the file exports.
 */
export function mayAcquire(module: Module, name: DeclaredName | undefined, kind: ResourceKind, imports: number, modules: ModuleProvider): boolean {
  const clues = getClues(kind);
  if (clues.length === 0) return false;
  const found = findReachableClues(module, name, imports, modules);
  return clues.some((clue) => found.has(clue));
}

/** Whether anything that the file at a path imports by its place could be a function that returns a resource of one of the kinds. */
export function mayImportAcquiring(names: readonly ImportedName[], path: string, kinds: readonly ResourceKind[], modules: ModuleProvider): boolean {
  return names.some(({ specifier, imported }) => {
    const module = modules.find(specifier, path);
    return module !== undefined && kinds.some((kind) => mayAcquire(module, toDeclared(imported), kind, MAX_DISTANCE - 1, modules));
  });
}

/** The clues of all kinds at once, since the files to look through are the same. */
function findReachableClues(module: Module, name: DeclaredName | undefined, imports: number, modules: ModuleProvider): ReadonlySet<Clue> {
  let ofModule = answers.get(module);
  if (!ofModule) answers.set(module, (ofModule = new Map<string, Answer>()));
  const key = `${imports} ${getNameKey(name)}`;
  let answer = ofModule.get(key);
  if (!answer || !isUpToDate(answer, modules)) ofModule.set(key, (answer = new Search(modules).run(module, name, imports)));
  answer.generation = modules.generation;
  return answer.clues;
}

function isUpToDate({ vocabulary, generation, lookups }: Answer, modules: ModuleProvider): boolean {
  if (vocabulary !== countClues()) return false;
  return generation === modules.generation || lookups.every((lookup) => isLookupUpToDate(lookup, modules));
}

class Search {
  readonly #modules: ModuleProvider;
  readonly #visited = new Set<string>();
  readonly #clues = new Set<Clue>();
  readonly #lookups: Lookup[] = [];

  constructor(modules: ModuleProvider) {
    this.#modules = modules;
  }

  run(module: Module, name: DeclaredName | undefined, imports: number): Answer {
    this.#visit(module, name, imports);
    return { clues: this.#clues, lookups: this.#lookups, vocabulary: countClues(), generation: this.#modules.generation };
  }

  #visit(module: Module, name: DeclaredName | undefined, imports: number): void {
    const key = `${module.path}\0${getNameKey(name)}`;
    if (this.#visited.has(key)) return;
    this.#visited.add(key);
    const declared = name === undefined ? undefined : findDeclarationText(module, name);
    if (declared?.text === '') return;
    if (declared) {
      for (const clue of findClues(declared.text, module)) this.#clues.add(clue);
      if (imports > 0) this.#visitImports(module, (local) => declared.values.has(local), imports - 1);
      return;
    }
    for (const clue of getCluesOf(module)) this.#clues.add(clue);
    // export … from './other', import { name } from './other'; export { name }
    for (const specifier of getPassedOn(module)) this.#visitFrom(module, specifier, name, imports);
    this.#visitImports(module, (local) => local === name?.name, imports, name?.method);
    if (imports > 0 && name === undefined) this.#visitImports(module, () => true, imports - 1);
  }

  #visitImports(module: Module, isWanted: (local: string) => boolean, imports: number, method?: string): void {
    for (const { specifier, local, imported } of getImportedNames(module)) {
      if (local !== undefined && isWanted(local)) this.#visitFrom(module, specifier, toDeclared(imported, method), imports);
    }
  }

  #visitFrom(module: Module, specifier: string, name: DeclaredName | undefined, imports: number): void {
    const next = this.#modules.find(specifier, module.path);
    this.#lookups.push({ specifier, from: module.path, module: next });
    if (next) this.#visit(next, name, imports);
  }
}

function toDeclared(name: string | undefined, method?: string): DeclaredName | undefined {
  return name === undefined ? undefined : { name, method };
}

/** The clues in the whole text of a file. */
function getCluesOf(module: Module): ReadonlySet<Clue> {
  let known = cluesOfTexts.get(module);
  if (known?.vocabulary !== countClues()) cluesOfTexts.set(module, (known = { clues: findClues(module.text, module), vocabulary: countClues() }));
  return known.clues;
}
