/** One name that a text takes from another file. */
export interface ImportedName {
  readonly specifier: string;
  /** Under which name the text knows it; undefined where that is not plain to see. */
  readonly local: string | undefined;
  /** What the other file exports it as; undefined for the whole of it, for its default, and where that is not plain to see. */
  readonly imported: string | undefined;
}

const IMPORT = /\bimport\s+(?!type\b)(?:([\w$]+)\s*,?\s*)?(?:\{([^}]*)\}|\*\s*as\s+([\w$]+))?\s*from\s*['"](\.[^'"\n]*)['"]/g;
const REQUIRE = /(?:\b(?:const|let|var)\s+(?:\{([^}=]*)\}|([\w$]+))\s*=\s*(?:await\s+)?)?\b(?:require|import)\s*\(\s*['"](\.[^'"\n]*)['"]/g;

const namesOfFiles = new WeakMap<{ readonly text: string }, readonly ImportedName[]>();

/** What a file takes from others by a relative specifier, read without parsing; types that are imported as such aside. */
export function getImportedNames(file: { readonly text: string }): readonly ImportedName[] {
  let names = namesOfFiles.get(file);
  if (!names) namesOfFiles.set(file, (names = findImportedNames(file.text)));
  return names;
}

function findImportedNames(text: string): ImportedName[] {
  const names: ImportedName[] = [];
  for (const [, whole, list, namespace, specifier] of text.matchAll(IMPORT)) {
    for (const local of [whole, namespace]) if (local !== undefined) names.push({ specifier: specifier!, local, imported: undefined });
    names.push(...splitList(list, /\s+as\s+/, specifier!));
  }
  for (const [, list, local, specifier] of text.matchAll(REQUIRE)) {
    if (list === undefined) names.push({ specifier: specifier!, local, imported: undefined });
    else names.push(...splitList(list, /\s*:\s*/, specifier!));
  }
  return names;
}

/** `a, b as c`, `a, b: c` */
function splitList(list: string | undefined, separator: RegExp, specifier: string): ImportedName[] {
  const entries = (list ?? '').split(',').map((entry) => entry.trim()).filter((entry) => entry !== '' && !entry.startsWith('type '));
  return entries.map((entry) => {
    const [imported, local = imported] = entry.split(separator);
    return { specifier, local, imported: imported === 'default' ? undefined : imported };
  });
}
