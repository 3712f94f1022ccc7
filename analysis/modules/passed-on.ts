import type { Module } from './module-provider.js';

const specifiersOfModules = new WeakMap<Module, readonly string[]>();

/** The relative specifiers from which a file passes names on: `export … from './other'`, types aside. Read without parsing. */
export function getPassedOn(module: Module): readonly string[] {
  let specifiers = specifiersOfModules.get(module);
  if (!specifiers) {
    const found = module.text.matchAll(/\bexport\b(?!\s+type\b)[^'"`;=(]*?\bfrom\s*['"](\.[^'"\n]*)['"]/g);
    specifiersOfModules.set(module, (specifiers = [...found].map(([, specifier]) => specifier!)));
  }
  return specifiers;
}
