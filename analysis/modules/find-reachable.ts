import type { Module } from './module-provider.js';

/** Beyond this many files the rest is left out: whoever imports half of a project would wait for all of it. */
const MAX_FILES = 60;

const specifiers = new WeakMap<Module, readonly Specifier[]>();

interface Specifier {
  readonly text: string;
  /** `export … from`: what is there belongs to this file as well. */
  readonly isPassedOn: boolean;
}

/** The relative specifiers that a text imports, types aside. */
export function findSpecifiers(text: string): Specifier[] {
  const found: Specifier[] = [];
  for (const [, keyword, quoted, bare] of text.matchAll(/\b(import|export)\b(?!\s+type\b)[^'"`;]*?\bfrom\s*['"](\.[^'"\n]*)['"]|\b(?:require|import)\s*\(\s*['"](\.[^'"\n]*)['"]/g)) {
    found.push({ text: (quoted ?? bare)!, isPassedOn: keyword === 'export' });
  }
  return found;
}

/** A file, what it passes on from others, and, up to a number of imports, what it imports. */
export function findReachable(module: Module, imports: number, find: (specifier: string, from: string) => Module | undefined): ReadonlySet<Module> {
  const distances = new Map<Module, number>([[module, 0]]);
  for (const [reached, distance] of distances) {
    for (const { text, isPassedOn } of getSpecifiers(reached)) {
      if (distances.size >= MAX_FILES) return new Set(distances.keys());
      if (!isPassedOn && distance >= imports) continue;
      const next = find(text, reached.path);
      if (next && !distances.has(next)) distances.set(next, isPassedOn ? distance : distance + 1);
    }
  }
  return new Set(distances.keys());
}

function getSpecifiers(module: Module): readonly Specifier[] {
  let known = specifiers.get(module);
  if (!known) specifiers.set(module, (known = findSpecifiers(module.text)));
  return known;
}
