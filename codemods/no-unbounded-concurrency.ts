import { type TSESTree, type UnboundedStart, dedent, getChildren, isFunction } from 'watertight-analysis';
import { type DefaultImport, getDefaultImport } from './support/get-default-import.js';
import type { Codemod, CodemodInput, Edit, Site, SiteOutcome, SkipReason } from './types.js';

/** How many run at a time. A first guess that people are meant to change where they know better. */
const LIMIT = 10;

/**
 * Runs a limited number at a time: `Promise.all(items.map(fn))` becomes `mapConcurrent(items, 10, fn)`, or
 * `pMap(items, fn, { concurrency: 10 })` where the project has `p-map`. Promises that wait in a variable, and those
 * that a plain loop pushes, become the one promise of such a call. What nobody waits for is left alone.
 */
export const noUnboundedConcurrency: Codemod = {
  name: 'no-unbounded-concurrency',
  transform: (input) => input.sites.map((site) => repairSite(site, input)),
};

type Refusal = readonly [reason: SkipReason, detail: string];
type Edits = readonly Edit[] | Refusal;
type WriteCall = (list: string, fn: string) => string;

function repairSite(site: Site, input: CodemodInput): SiteOutcome {
  const start = site.finding.facts as UnboundedStart;
  const pMap = input.target.dependencies.has('p-map') && input.target.moduleFormat === 'esm' ? getDefaultImport(input.sourceFile.compilerNode, 'p-map', 'pMap') : undefined;
  const result = findRefusal(start) ?? repair(start, input.text, getWriter(pMap));
  if (isRefusal(result)) return { status: 'skipped', site, reason: result[0], detail: result[1] };
  if (pMap) return { status: 'changed', site, edits: [...pMap.edits, ...result] };
  return { status: 'changed', site, edits: result, imports: [{ module: input.target.runtimeModule, name: 'mapConcurrent' }] };
}

function getWriter(pMap: DefaultImport | undefined): WriteCall {
  return (list, fn) => (pMap ? `${pMap.name}(${list}, ${fn}, { concurrency: ${LIMIT} })` : `mapConcurrent(${list}, ${LIMIT}, ${fn})`);
}

function findRefusal({ combinator, method, isRecursive, shape, node }: UnboundedStart): Refusal | undefined {
  if (!combinator) return ['would-change-behaviour', 'Nobody waits for the work: whether somebody should, only the author knows.'];
  if (method !== 'all') return ['unsupported-shape', `There is no limited form of \`Promise.${method}\`.`];
  if (isRecursive) return ['unsupported-shape', 'Each level of the walk would get a limit of its own: hand one limit down.'];
  const isPlain = shape === 'push' || (node.callee.type === 'MemberExpression' && node.callee.property.type === 'Identifier' && node.callee.property.name === 'map');
  return isPlain ? undefined : ['unsupported-shape', 'Only `map` and a loop that pushes can be rewritten.'];
}

function repair(start: UnboundedStart, text: string, write: WriteCall): Edits {
  if (start.shape === 'push') return repairLoop(start, text, write);
  const call = writeMap(start, text, write);
  if (isRefusal(call)) return call;
  return start.holder ? repairHeld(start, call) : repairInPlace(start, call);
}

/** The call that takes the place of `items.map(fn)`, as text. */
function writeMap({ node, list, callback, fn, combinator, holder }: UnboundedStart, text: string, write: WriteCall): string | Refusal {
  if (!list || !callback || node.arguments.length !== 1) return ['unsupported-shape', 'The function is called with a `this` of its own.'];
  if (takesMore(fn)) return ['would-change-behaviour', 'The function takes the whole list, too.'];
  const target = holder ? node : combinator!;
  const parts = [list, callback].map((part) => dedent(text, part, target.range[0]));
  const kept = [list, callback].reduce((sum, part) => sum + countComments(text.slice(...part.range)), 0);
  if (countComments(text.slice(...target.range)) > kept) return ['comment-in-the-way', 'A comment stands between the parts.'];
  return write(parts[0]!, parts[1]!);
}

/** Whether a function looks at its third argument, which is the list under `map` and something else after. */
function takesMore(fn: UnboundedStart['fn']): boolean {
  // What a function of elsewhere takes cannot be seen here; `fetch`, for one, minds.
  return !fn || fn.params.length > 2 || fn.params.some((parameter) => parameter.type === 'RestElement');
}

/** await Promise.all(items.map(fn)) */
function repairInPlace({ node, combinator }: UnboundedStart, call: string): Edits {
  if (combinator!.arguments[0] !== node || combinator!.arguments.length !== 1) return ['unsupported-shape', 'Something else is waited for in the same place.'];
  const [start, end] = combinator!.range;
  return [{ start, end, text: call }];
}

/** const promises = items.map(fn);  …  await Promise.all(promises); */
function repairHeld({ node, combinator, holder }: UnboundedStart, call: string): Edits {
  const declarator = node.parent;
  const isPlain = declarator.type === 'VariableDeclarator' && declarator.init === node && declarator.id.type === 'Identifier' && !declarator.id.typeAnnotation;
  if (!isPlain || !isUsedOnce(holder!, combinator!)) return ['unsupported-shape', 'The promises are used elsewhere, too.'];
  const [start, end] = node.range;
  return [{ start, end, text: call }, toName(combinator!, holder!)];
}

/** const promises = []; for (const item of items) promises.push(load(item));  await Promise.all(promises); */
function repairLoop({ node, loop, list, combinator, holder }: UnboundedStart, text: string, write: WriteCall): Edits {
  const refusal: Refusal = ['unsupported-shape', 'The loop does more than push, or the promises are used elsewhere, too.'];
  const [definition] = holder!.defs;
  const declarator = definition?.node;
  const pushed = node.arguments[0];
  if (loop?.node.type !== 'ForOfStatement' || loop.node.await || !list || !pushed || declarator?.type !== 'VariableDeclarator') return refusal;
  const declaration = declarator.parent;
  const isEmpty = declarator.init?.type === 'ArrayExpression' && declarator.init.elements.length === 0 && declaration.declarations.length === 1;
  const body = loop.node.body.type === 'BlockStatement' ? loop.node.body.body : [loop.node.body];
  const isOnlyPush = body.length === 1 && body[0]!.type === 'ExpressionStatement' && body[0]!.expression === node;
  const item = loop.node.left.type === 'VariableDeclaration' && loop.node.left.kind !== 'var' ? loop.node.left.declarations[0]?.id : undefined;
  if (!isEmpty || !isOnlyPush || !item || declaration.parent !== loop.node.parent || !isUsedOnce(holder!, combinator!, node)) return refusal;
  const pushedText = dedent(text, pushed, loop.node.range[0]);
  if (waits(pushed)) return ['would-change-behaviour', 'The loop waits in between.'];
  const [start, end] = loop.node.range;
  if (countComments(text.slice(start, end)) > countComments(pushedText)) return ['comment-in-the-way', 'A comment stands in the loop.'];
  const fn = `(${text.slice(...item.range)}) => ${pushed.type === 'ObjectExpression' ? `(${pushedText})` : pushedText}`;
  const semicolon = text[declaration.range[1] - 1] === ';' ? ';' : '';
  return [
    { start: declaration.range[0], end: skipSpace(text, declaration.range[1], start), text: '' },
    { start, end, text: `const ${holder!.name} = ${write(text.slice(...list.range), fn)}${semicolon}` },
    toName(combinator!, holder!),
  ];
}

/** Whether an expression waits itself, and not only a function in it. */
function waits(expression: TSESTree.Node): boolean {
  if (expression.type === 'AwaitExpression' || expression.type === 'YieldExpression') return true;
  return !isFunction(expression) && getChildren(expression).some(waits);
}

/** Promise.all(promises) → promises */
function toName(combinator: TSESTree.CallExpression, { name }: { readonly name: string }): Edit {
  const [start, end] = combinator.range;
  return { start, end, text: name };
}

/** Whether nothing but its making, the one wait and (in a loop) the push mention the variable. */
function isUsedOnce(holder: NonNullable<UnboundedStart['holder']>, combinator: TSESTree.CallExpression, push?: TSESTree.CallExpression): boolean {
  return holder.references.every(({ identifier, init }) => {
    if (init) return true;
    const { parent } = identifier;
    return parent === combinator || (push !== undefined && parent === push.callee);
  });
}

/** Where the next code or comment is, or `limit`: empty lines behind what goes go with it. */
function skipSpace(text: string, position: number, limit: number): number {
  return position + /^\s*/.exec(text.slice(position, limit))![0].length;
}

function countComments(text: string): number {
  return text.match(/\/\*|(?<![:'"`])\/\//g)?.length ?? 0;
}

function isRefusal(result: unknown): result is Refusal {
  return Array.isArray(result) && typeof result[0] === 'string';
}
