import { ts } from 'ts-morph';
import { type CallInNeed, type TSESTree, addSignal, skipWrappers } from 'watertight-analysis';
import type { Edit } from '../types.js';
import type { GraphNode, Place } from './call-graph.js';
import type { ProgramFiles } from './program-files.js';
import { getParameters, getSignalText } from './signal-way.js';
import type { Unit } from './units.js';

/** The edits by which a call gets a signal; none where it gets it already, undefined where there is no way to write it. */
export function getCallEdits(place: Place, callee: GraphNode | undefined, members: ReadonlyMap<Unit, GraphNode>, files: ProgramFiles): readonly Edit[] | undefined {
  const { standing, pair, need, unit, call, body } = place;
  if (standing.hasSignal) return need.bringsAlong ? [] : write(place, standing.signal!);
  const caller = unit && members.get(unit);
  if (!caller?.way || !body) return undefined;
  if (callee?.way?.kind === 'extended' && caller.way.kind === 'extended' && passesOn(place, callee.index, body, caller.way.index, files)) return [];
  const name = getSignalText(caller.way, body);
  if (isHidden(name, pair.tree, call, body, files)) return undefined;
  const isSameShape = callee?.way?.kind === 'added' && caller.way.kind === 'added' && caller.way.name !== undefined && !call.arguments[callee.index];
  return isSameShape ? write({ ...place, need: asArgument(need) }, caller.way.kind === 'added' ? caller.way.name : name) : write(place, name);
}

/** get(url, options): the options of both are the same. */
function asArgument(need: CallInNeed): CallInNeed {
  return { ...need, abortable: { ...need.abortable, place: { form: 'argument', index: need.abortable.place.index } } };
}

function write({ pair, need, call }: Pick<Place, 'pair' | 'need' | 'call'>, name: string): readonly Edit[] | undefined {
  const { file } = pair;
  const { abortable, given } = need;
  const { place } = abortable;
  const argument = call.arguments[place.index];
  const node = argument && skipWrappers(argument);
  if (node?.type === 'ObjectExpression') {
    // A spread in front says nothing about what stands behind it.
    const hasOwn = node.properties.some((property) => property.type === 'Property' && property.key.type === 'Identifier' && property.key.name === 'signal');
    return hasOwn && given.state !== 'missing' ? undefined : addSignal(file, abortable, { state: 'missing', options: node }, name);
  }
  const edits = addSignal(file, abortable, given, name);
  if (edits || !argument || place.form === 'argument' || argument.type === 'SpreadElement') return edits;
  return spread(argument, name === place.property ? name : `${place.property}: ${name}`);
}

/** get(url, defaults)  →  get(url, { ...defaults, signal }) */
function spread({ range: [start, end], type }: TSESTree.Node, property: string): readonly Edit[] | undefined {
  if (type !== 'Identifier' && type !== 'MemberExpression' && type !== 'CallExpression') return undefined;
  return [
    { start, end: start, text: '{ ...' },
    { start: end, end, text: `, ${property} }` },
  ];
}

/** get(url, options), get(url, { ...options, retries: 0 }): the caller's own options, which now have the signal. */
function passesOn({ call, pair }: Place, index: number, body: ts.FunctionLikeDeclaration, own: number, files: ProgramFiles): boolean {
  const parameter = getParameters(body)[own];
  const name = parameter && ts.isIdentifier(parameter.name) ? parameter.name : undefined;
  const argument = call.arguments[index];
  const node = argument && skipWrappers(argument);
  if (!name || !node) return false;
  const isOwn = (each: TSESTree.Node) => {
    const found = each.type === 'Identifier' ? pair.find(each) : undefined;
    return found !== undefined && files.checker.getSymbolAtLocation(found) === files.checker.getSymbolAtLocation(name);
  };
  if (node.type === 'Identifier') return isOwn(node);
  return node.type === 'ObjectExpression' && node.properties.some((property) => property.type === 'SpreadElement' && isOwn(property.argument));
}

/** Whether the name means something else where the call stands: a closure in between has declared it anew. */
function isHidden(text: string, tree: ts.SourceFile, call: TSESTree.Node, body: ts.FunctionLikeDeclaration, files: ProgramFiles): boolean {
  const [name] = text.split(/[?.]/);
  const declared = body.parameters.find((parameter) => ts.isIdentifier(parameter.name) && parameter.name.text === name);
  // A new name was chosen so that nothing in the function has it.
  if (!declared) return false;
  const at = findInside(tree, call.range[0]);
  const found = files.checker.getSymbolsInScope(at, ts.SymbolFlags.Value).find((symbol) => symbol.name === name);
  return found !== files.checker.getSymbolAtLocation(declared.name);
}

function findInside(tree: ts.SourceFile, position: number): ts.Node {
  let found: ts.Node = tree;
  const visit = (node: ts.Node): void => {
    if (node.pos > position || node.end <= position) return;
    found = node;
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return found;
}
