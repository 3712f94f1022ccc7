import type { Acquisition, ResourceKind } from '../resources/resource-kind.js';
import type { Module } from './module-provider.js';

/** What stands in the text of every file that calls one function of the catalogue. The same clue is the same object. */
export interface Clue {
  /** The package it is imported from; undefined where it is a global or a method of anything. */
  readonly module: string | undefined;
  /** The word that is called; undefined where any member of the package will do. */
  readonly word: string | undefined;
  /** The word need not be called: it is a property that tells more than the function that is given it. */
  readonly isMention: boolean;
  /** A global function, which is a member of nothing but the global object. */
  readonly isGlobal: boolean;
  /** Only in a text that also speaks of temporary paths. */
  readonly isTemporary: boolean;
}

const cluesByKey = new Map<string, Clue>();
/** The patterns tell a word that is called from one that is only said. */
const cluesByWord = new Map<string, { readonly called: RegExp; readonly calledGlobally: RegExp; readonly clues: Clue[] }>();
const cluesOfPackages: Clue[] = [];
const cluesOfKinds = new WeakMap<ResourceKind, readonly Clue[]>();
/** Those of every call that acquires, told by its name and its package alone. */
const callsOfKinds = new WeakMap<ResourceKind, readonly Clue[]>();
const packages = new WeakMap<Text, ReadonlySet<string>>();

interface Text {
  readonly text: string;
}

/** How many clues there are so far: what was looked for earlier did not know those that came later. */
export function countClues(): number {
  return cluesByKey.size;
}

/** What stands in the text of every file that acquires a resource of the kind. */
export function getClues(kind: ResourceKind): readonly Clue[] {
  let known = cluesOfKinds.get(kind);
  if (!known) cluesOfKinds.set(kind, (known = [...new Set(kind.acquisitions.flatMap(toClues))]));
  return known;
}

/**
 * Whether a file may acquire a resource of the kind itself, told by its text: one of the words of the kind stands there,
 * and where these are functions of packages, one of them along with its package.
 */
export function mayAcquireItself(file: Text, kind: ResourceKind): boolean {
  if (!kind.triggers.some((word) => file.text.includes(word))) return false;
  // What is told by its use, or made from what is there, has no word of its own.
  if (kind.evidence || kind.types || kind.acquisitions.some(({ derivedBy }) => derivedBy)) return true;
  let calls = callsOfKinds.get(kind);
  if (!calls) callsOfKinds.set(kind, (calls = kind.acquisitions.flatMap((acquisition) => (acquisition.calls ?? []).map((origin) => toClue(origin, false)))));
  return calls.some(({ module, word }) => (module === undefined || getPackages(file).has(module)) && (word === undefined || file.text.includes(word)));
}

/** The clues in a text that is the whole or a part of a file. */
export function findClues(text: string, module: Module): Set<Clue> {
  const found = new Set<Clue>();
  const imported = getPackages(module);
  const isFrom = (clue: Clue) => (clue.module === undefined || imported.has(clue.module)) && (!clue.isTemporary || /te?mp/i.test(module.text));
  for (const clue of cluesOfPackages) if (isFrom(clue)) found.add(clue);
  for (const [word] of text.matchAll(/[\w$]+/g)) {
    const known = cluesByWord.get(word);
    if (!known) continue;
    for (const clue of known.clues) if (!found.has(clue) && isFrom(clue) && isSaid(clue, text, known)) found.add(clue);
  }
  return found;
}

function isSaid({ isMention, isGlobal }: Clue, text: string, { called, calledGlobally }: { readonly called: RegExp; readonly calledGlobally: RegExp }): boolean {
  return isMention || (isGlobal ? calledGlobally : called).test(text);
}

function toClues({ calls = [], only, isTemporaryPath, isReleasedElsewhere }: Acquisition): Clue[] {
  // What the same function removes again is not what it returns.
  if (isReleasedElsewhere) return [];
  return calls.map((origin) => {
    const clue = toClue(origin, Boolean(isTemporaryPath));
    // { responseType: 'stream' }: the property tells more than the function that is given it.
    return intern(only?.property === undefined ? clue : { ...clue, word: only.property, isMention: true });
  });
}

function toClue(origin: string, isTemporary: boolean): Clue {
  if (origin.startsWith('.')) return { module: undefined, word: origin.slice(1), isMention: false, isGlobal: false, isTemporary };
  const [module = '', path = ''] = origin.split(':');
  const word = path.split('.').filter((name) => name !== 'default' && name !== '*' && name !== 'prototype').at(-1)?.replace('()', '');
  return { module: module === 'global' || module === '*' ? undefined : module, word, isMention: false, isGlobal: module === 'global', isTemporary };
}

function intern(clue: Clue): Clue {
  const key = [clue.module, clue.word, clue.isMention, clue.isGlobal, clue.isTemporary].join('\0');
  const known = cluesByKey.get(key);
  if (known) return known;
  cluesByKey.set(key, clue);
  if (clue.word === undefined) cluesOfPackages.push(clue);
  else {
    const ofWord = cluesByWord.get(clue.word);
    if (ofWord) ofWord.clues.push(clue);
    else cluesByWord.set(clue.word, { called: toCalledPattern(clue.word, ''), calledGlobally: toCalledPattern(clue.word, NO_MEMBER), clues: [clue] });
  }
  return clue;
}

/** Behind a dot only of `globalThis.fetch` and the like, or of a spread; `this.fetch` may be one that was stored. */
const NO_MEMBER = String.raw`(?<!(?<!\b(?:globalThis|window|self|global|this)\s*\??|\.\.)\.\s*)`;

/** open(…), open<T>(…), promisify(open), [open, close] */
function toCalledPattern(word: string, before: string): RegExp {
  return new RegExp(String.raw`(?<![\w$])${before}${word.replaceAll('$', String.raw`\$`)}\s*[(<),\]?]`);
}

/** The packages that a text imports: `fs` for `node:fs/promises`, and `fs/promises` as well. */
function getPackages(module: Text): ReadonlySet<string> {
  let known = packages.get(module);
  if (!known) {
    const names = [...module.text.matchAll(/(?:\bfrom|\bimport|\brequire\s*\(|\bimport\s*\()\s*['"](?:node:)?([^'".][^'"\n]*)['"]/g)].map(([, name]) => name!);
    packages.set(module, (known = new Set(names.flatMap((name) => [name, name.replace(/\/promises?$/, '')]))));
  }
  return known;
}
