import { findFreshName } from '../../abort/edits/guard-rest.js';
import type { TextEdit } from '../../repairs/text-edit.js';
import { getIndent, getIndentUnit, getLineBreak, hasSemicolons } from '../../repairs/text-layout.js';
import type { SourceFile } from '../../source-file.js';
import { isTypeScript } from '../../syntax/is-type-script.js';
import { type FunctionNode, type Node, type TSESTree, getPropertyName, isFunction, isWithin, skipWrappers } from '../../syntax/node.js';
import { walk } from '../../syntax/walk.js';
import type { Race } from '../find-races.js';
import { getFacts } from '../function-facts.js';
import { findEntryKey, getBaseName } from './lock-key.js';
import { findTopStatement, getStartWithComments, reaches } from './lock-repair.js';

export interface FlightRepair {
  readonly edits: readonly TextEdit[];
}

/** What is written apart from the function itself. */
interface Parts {
  /** What the function calls: `clientFlight`, `this.#clientFlight`. */
  readonly access: string;
  /** The head of the function that does the work, up to its parameters. */
  readonly head: string;
  readonly declaration: TextEdit;
}

/**
 * Lets calls that overlap share one run of a function that loads what is not there yet: the body goes to a function of its
 * own, and the old one calls it through `singleFlight`. Only where all that a call does is to look, load and store.
 */
export function getFlightRepair(race: Race, file: SourceFile): FlightRepair | undefined {
  const { fn } = race;
  const { body } = fn;
  if (!fn.async || fn.generator || body?.type !== 'BlockStatement' || fn.typeParameters || !loadsOnce(race, body, file)) return undefined;
  const parameter = getOnlyKey(race, file);
  if (parameter === undefined || reaches(fn, fn, file) || !getIndent(file.text, body.body[0]!.range[0]).isOnOwnLine) return undefined;
  const parts = fn.type === 'FunctionDeclaration' ? getFunctionParts(race, fn, file) : getMethodParts(race, fn, parameter, file);
  if (!parts) return undefined;
  const { text } = file;
  const lineBreak = getLineBreak(text);
  const indent = getIndent(text, (fn.type === 'FunctionDeclaration' ? findTopStatement(fn)! : fn.parent).range[0]).text;
  const given = fn.params.length > 0 ? file.getText(fn.params[0]!) : '';
  const call = `${returnsValue(fn, file) ? 'return ' : ''}await ${parts.access}(${parameter})${hasSemicolons(text) ? ';' : ''}`;
  const work = `${parts.head}(${given})${fn.returnType ? file.getText(fn.returnType) : ''} {`;
  const at = body.range[0] + 1;
  const split = `${lineBreak}${indent}${getIndentUnit(text)}${call}${lineBreak}${indent}}${lineBreak}${lineBreak}${indent}${work}`;
  return { edits: [parts.declaration, { start: at, end: at, text: split }] };
}

/** `if (!x) { … x = await …; } return x;` or `if (x) return x; … x = …; return x;`, and nothing that every call does. */
function loadsOnce({ fn, kind, read, act, write }: Race, { body }: TSESTree.BlockStatement, file: SourceFile): boolean {
  if (kind !== 'check' || !write || write.node !== act || write.effect === 'empty') return false;
  const index = body.findIndex(({ type }) => type !== 'VariableDeclaration');
  const guard = body[index];
  if (guard?.type !== 'IfStatement' || guard.alternate || !body.slice(0, index + 1).some((statement) => isWithin(read, statement))) return false;
  if (body.slice(0, index).some((statement) => hasAwait(statement, file)) || hasAwait(guard.test, file)) return false;
  const rest = body.slice(index + 1);
  const only = guard.consequent.type === 'BlockStatement' ? (guard.consequent.body.length === 1 ? guard.consequent.body[0] : undefined) : guard.consequent;
  const isMiss = isWithin(act, guard.consequent);
  if (isMiss ? rest.length > 1 || (rest[0] && rest[0].type !== 'ReturnStatement') : only?.type !== 'ReturnStatement') return false;
  const isOther = getFacts(fn, file).accesses.writes.some((other) => other.node !== write.node && (other.place.key !== write.place.key || other.effect === 'empty'));
  return !isOther && getReturns(fn, file).every(({ argument }) => argument === null || isShareable(argument));
}

/** What is kept is returned, not a copy that each caller may change. */
function isShareable(value: Node): boolean {
  const node = skipWrappers(value);
  if (node.type === 'CallExpression') return node.callee.type === 'MemberExpression' && getPropertyName(node.callee) === 'get';
  return node.type === 'Identifier' || node.type === 'MemberExpression';
}

/** The name of the only parameter where it is the key of what is loaded, nothing where there is none; else calls differ in more. */
function getOnlyKey(race: Race, file: SourceFile): string | undefined {
  const [parameter, ...others] = race.fn.params;
  if (!parameter) return '';
  const key = findEntryKey(race, file);
  if (others.length > 0 || parameter.type !== 'Identifier' || parameter.optional || key?.type !== 'Identifier') return undefined;
  const variable = file.getVariable(parameter);
  const isKept = variable?.references.every((reference) => !reference.isWrite()) ?? false;
  return isKept && file.getVariable(key) === variable ? parameter.name : undefined;
}

/** const clientFlight = singleFlight(getClientAlone); above the function */
function getFunctionParts(race: Race, fn: TSESTree.FunctionDeclaration, file: SourceFile): Parts | undefined {
  const statement = findTopStatement(fn);
  const isTop = statement === fn || (statement !== undefined && 'declaration' in statement && statement.declaration === fn);
  if (!isTop || !fn.id || (file.getVariable(fn.id)?.defs.length ?? 0) !== 1 || usesOwnScope(fn, file)) return undefined;
  const name = findFreshName(file, [`${getBaseName(race)}Flight`, `${fn.id.name}Flight`], statement);
  const work = findFreshName(file, [`${fn.id.name}Alone`], statement);
  if (name === undefined || work === undefined) return undefined;
  const start = getStartWithComments(statement, file);
  const lineBreak = getLineBreak(file.text);
  const text = `const ${name} = singleFlight(${work})${hasSemicolons(file.text) ? ';' : ''}${lineBreak}${lineBreak}`;
  return { access: name, head: `async function ${work}`, declaration: { start, end: start, text } };
}

/** readonly #clientFlight = singleFlight(() => this.#getClientAlone()); at the head of the class */
function getMethodParts(race: Race, fn: FunctionNode, parameter: string, file: SourceFile): Parts | undefined {
  const method = fn.parent;
  const isPlain = method.type === 'MethodDefinition' && method.kind === 'method' && !method.static && !method.computed && method.decorators.length === 0;
  const name = isPlain ? getPropertyName(method)?.replace(/^[#_]+/, '') : undefined;
  if (!isPlain || !name || !/^[\w$]+$/.test(name)) return undefined;
  const owner = method.parent;
  const isOverloaded = owner.body.some((member) => member !== method && 'key' in member && file.getText(member.key) === file.getText(method.key));
  const [first] = owner.body;
  const members = file.getText(owner);
  const flight = `${getBaseName(race)}Flight`;
  if (isOverloaded || !first || new RegExp(`#(?:${flight}|${name}Alone)\\b`).test(members)) return undefined;
  const { text } = file;
  const indent = getIndent(text, first.range[0]);
  if (!indent.isOnOwnLine || !getIndent(text, method.range[0]).isOnOwnLine) return undefined;
  const given = fn.params.length > 0 ? file.getText(fn.params[0]!) : '';
  const field = `#${flight} = singleFlight((${given}) => this.#${name}Alone(${parameter}))${hasSemicolons(text) ? ';' : ''}`;
  const start = owner.range[0] + 1;
  const line = `${getLineBreak(text)}${indent.text}${isTypeScript(file) ? 'readonly ' : ''}${field}`;
  return {
    access: `this.#${flight}`,
    head: `async #${name}Alone`,
    declaration: { start, end: start, text: first.type === 'PropertyDefinition' ? line : `${line}${getLineBreak(text)}` },
  };
}

/** `this` and `arguments` of a function are not those of the one that it calls. */
function usesOwnScope(fn: FunctionNode, file: SourceFile): boolean {
  let found = false;
  walk(
    fn.body,
    (node) => {
      found ||= node.type === 'ThisExpression' || (node.type === 'Identifier' && node.name === 'arguments');
      return !found;
    },
    file.visitorKeys,
  );
  return found;
}

function hasAwait(root: Node, file: SourceFile): boolean {
  let found = false;
  walk(
    root,
    (node) => {
      found ||= node.type === 'AwaitExpression';
      return !found && !isFunction(node);
    },
    file.visitorKeys,
  );
  return found;
}

function returnsValue(fn: FunctionNode, file: SourceFile): boolean {
  return getReturns(fn, file).some(({ argument }) => argument !== null);
}

function getReturns(fn: FunctionNode, file: SourceFile): TSESTree.ReturnStatement[] {
  const found: TSESTree.ReturnStatement[] = [];
  walk(
    fn.body,
    (node) => {
      if (node.type === 'ReturnStatement') found.push(node);
      return !isFunction(node);
    },
    file.visitorKeys,
  );
  return found;
}
