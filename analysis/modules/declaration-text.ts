import type { Module } from './module-provider.js';

/** Functions that call one another further than this are taken for unknown. */
const MAX_DECLARATIONS = 40;

/** What belongs to one name that a file declares. */
export interface DeclarationText {
  /** The declaration of the name and of every function of the file whose value is used there, and so on. */
  readonly text: string;
  /** The words whose value is used, and not only called for what it does: `open` of `return open()` and `= await open()`. */
  readonly values: ReadonlySet<string>;
}

interface Known {
  /** The names that the file declares at the start of a line, with their places. */
  readonly declarations: ReadonlyMap<string, number>;
  readonly texts: Map<string, DeclarationText | undefined>;
}

const knownOfModules = new WeakMap<Module, Known>();

/**
 * Where a file declares a name, from there to the next line on which nothing but closing brackets stands, or the next
 * declaration begins. Undefined where the name is not declared, or leads too far. An estimate made without parsing: it may take too much in, and too little
 * where code is not indented.
 */
export function findDeclarationText(module: Module, name: string): DeclarationText | undefined {
  let known = knownOfModules.get(module);
  if (!known) knownOfModules.set(module, (known = { declarations: findDeclarations(module.text), texts: new Map() }));
  if (!known.texts.has(name)) known.texts.set(name, collect(module.text, name, known.declarations));
  return known.texts.get(name);
}

function collect(text: string, name: string, declarations: Known['declarations']): DeclarationText | undefined {
  if (!declarations.has(name)) return undefined;
  const reached = new Set([name]);
  const values = new Set<string>();
  const texts: string[] = [];
  for (const next of reached) {
    if (reached.size > MAX_DECLARATIONS) return undefined;
    const declared = getDeclared(text, declarations.get(next)!);
    if (GIVES_NOTHING.test(getHead(declared))) continue;
    texts.push(declared);
    for (const [, word] of declared.matchAll(VALUE)) {
      values.add(word!);
      if (declarations.has(word!)) reached.add(word!);
    }
  }
  return { text: texts.join('\n'), values };
}

function findDeclarations(text: string): Map<string, number> {
  const found = text.matchAll(/^(?:export\s+)?(?:default\s+)?(?:declare\s+)?(?:abstract\s+)?(?:(?:async\s+)?function\s*\*?|const|let|var|class|type|interface|enum)\s+([\w$]+)/gm);
  return new Map([...found].map((match) => [match[1]!, match.index]));
}

/** A word that is returned, bound, chosen, passed on, or a part of a value, alone or called. */
const VALUE = /(?:\b(?:return|yield|extends|new|as|in|of)|=>|=|[?:,[]|\?\?|&&|\|\||\.\.\.|(?<!\b(?:if|while|switch|for)\s*)\()\s*(?:await\s+|new\s+|\()*([\w$]+)/g;
/** function f(): Promise<void> {, const f = (): boolean => { */
const GIVES_NOTHING = /\)\s*:\s*(?:Promise<\s*)?(?:void|boolean|never|undefined|null)\s*>?\s*(?:=>\s*)?\{\s*$/;
const END = /\n(?:[)\]}]+[;,]?[ \t]*\r?(?=\n|$)|(?:export|async|function|const|let|var|class|abstract|type|interface|enum|import)\s|\/\*\*)/g;

/** A declaration up to the bracket that opens its body; where parameters have brackets of their own, up to the first of them. */
function getHead(declared: string): string {
  return /^(?:export|default|async|function|const|let|var|\s)*[^{]*\{[ \t]*\r?\n/.exec(declared)?.[0] ?? '';
}

function getDeclared(text: string, start: number): string {
  END.lastIndex = start;
  const end = END.exec(text);
  return end ? text.slice(start, end.index) : text.slice(start);
}
