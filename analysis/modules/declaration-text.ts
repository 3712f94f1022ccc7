import type { Module } from './module-provider.js';

/** Functions that call one another further than this are taken for unknown. */
const MAX_DECLARATIONS = 40;

/** A name that a file declares or passes on, and the method that is meant where it is that of a class. */
export interface DeclaredName {
  readonly name: string;
  readonly method?: string | undefined;
}

/** Tells one name from another in a map; undefined stands for all that a file exports. */
export function getNameKey(declared: DeclaredName | undefined): string {
  return `${declared?.name ?? ''}#${declared?.method ?? ''}`;
}

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
export function findDeclarationText(module: Module, declared: DeclaredName): DeclarationText | undefined {
  let known = knownOfModules.get(module);
  if (!known) knownOfModules.set(module, (known = { declarations: findDeclarations(module.text), texts: new Map() }));
  const key = getNameKey(declared);
  if (!known.texts.has(key)) known.texts.set(key, collect(module.text, declared, known.declarations));
  return known.texts.get(key);
}

function collect(text: string, { name, method }: DeclaredName, declarations: Known['declarations']): DeclarationText | undefined {
  if (!declarations.has(name)) return undefined;
  const reached = new Set([name]);
  const values = new Set<string>();
  const texts: string[] = [];
  for (const next of reached) {
    if (reached.size > MAX_DECLARATIONS) return undefined;
    const whole = getDeclared(text, declarations.get(next)!);
    const declared = (next === name && method !== undefined ? findMethods(whole, method) : undefined) ?? whole;
    if (GIVES_NOTHING.test(getHead(declared)) || returnsNothing(declared)) continue;
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

/** A method of a class with those that it calls on itself; undefined where it is not plain to see. */
function findMethods(declared: string, method: string): string | undefined {
  if (!/^(?:export\s+)?(?:default\s+)?(?:abstract\s+)?class\b/.test(declared)) return undefined;
  // Inherited from a class that is not looked at.
  if (!declared.includes(method)) return '';
  const reached = new Set([method]);
  const texts: string[] = [];
  for (const next of reached) {
    const text = findMember(declared, next);
    // An inherited one may do anything.
    if (text === undefined || /\bsuper\b/.test(text)) return undefined;
    if (!RETURNS.test(text)) continue;
    texts.push(text);
    for (const [, used] of text.matchAll(/\bthis\??\.(#?[\w$]+)/g)) reached.add(used!);
  }
  return texts.join('\n');
}

/** From where a member is declared to the end of it, or of the next one where it stands on a single line. */
function findMember(declared: string, name: string): string | undefined {
  const modifiers = String.raw`(?:(?:public|protected|private|static|override|async|readonly|get)\s+)*`;
  return new RegExp(String.raw`^([ \t]+)${modifiers}\*?${name.replaceAll('$', String.raw`\$`)}\s*[<(=:?!;][^]*?(?:\n\1\}|$(?![^]))`, 'm').exec(declared)?.[0];
}

const RETURNS = /\b(?:return|yield)\b|=>/;

/** Whether a function has no `return`, and nothing in it that returns without one. */
function returnsNothing(declared: string): boolean {
  return /^(?:export\s+)?(?:default\s+)?(?:async\s+)?function\b/.test(declared) && !RETURNS.test(declared);
}

/** A declaration up to the bracket that opens its body; where parameters have brackets of their own, up to the first of them. */
function getHead(declared: string): string {
  return /^(?:export|default|async|function|const|let|var|\s)*[^{]*\{[ \t]*\r?\n/.exec(declared)?.[0] ?? '';
}

function getDeclared(text: string, start: number): string {
  END.lastIndex = start;
  const end = END.exec(text);
  return end ? text.slice(start, end.index) : text.slice(start);
}
