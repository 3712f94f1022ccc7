import { isBrowserCode } from '../../ownership/browser-code.js';
import { findStatement } from '../../repairs/place-statement.js';
import { type Refusal, refuse } from '../../repairs/refusal.js';
import type { Variable } from '../../scopes/scope.js';
import type { SourceFile } from '../../source-file.js';
import { type Node, getPropertyName, isFunction, isWithin, outermostWrapper, skipWrappers } from '../../syntax/node.js';
import { isControllerCreation } from '../controllers.js';
import { findVisibleName } from '../signal-carriers.js';
import type { UnforwardedSignal } from '../unforwarded-signal.js';
import { getForwardEdits, replaceValue } from './forward-edits.js';
import { findFreshName } from './guard-rest.js';
import { holdUntilEnd } from './hold-edits.js';
import type { AbortRepair, AbortStyle } from './repair.js';

/** The first Node whose `AbortSignal.any` leaves nothing on a long-lived signal, as measured with 20.20, 24 and 26. */
const NODE_WITH_SOUND_ANY = 24;
/** `AbortSignal.any` came with 20.3. https://nodejs.org/api/globals.html#static-method-abortsignalanysignals */
const NODE_WITH_ANY = 20;

/**
 * Joins the function's own signal with the caller's: by `AbortSignal.any`; or, where the supported Node leaks in it, by a
 * link to the function's own controller, or by `linkSignals`, that is undone when the work has ended.
 */
export function getJoinRepair(file: SourceFile, finding: UnforwardedSignal, style: AbortStyle): AbortRepair | Refusal {
  const { lowestNode } = style;
  const isSound = isBrowserCode(file) || (lowestNode !== undefined && lowestNode >= NODE_WITH_SOUND_ANY);
  const linked = isSound ? undefined : linkController(file, finding, style) ?? linkSignal(file, finding, style);
  if (linked) return linked;
  if (lowestNode !== undefined && lowestNode < NODE_WITH_ANY) return refuse('unsupported-shape', 'the supported Node has no `AbortSignal.any`, and what is returned outlives a link');
  const edits = getForwardEdits(file, finding);
  return edits ? { edits, helpers: [] } : refuse('unsupported-shape', 'the signal is made in a larger expression');
}

/** const controller = new AbortController();  →  … using _link = onAbort(signal, (reason) => controller.abort(reason)); */
function linkController(file: SourceFile, { node, replacement, source }: UnforwardedSignal, { form }: AbortStyle): AbortRepair | undefined {
  const controller = replacement && findController(file, replacement);
  const [definition] = controller?.defs ?? [];
  const declaration = definition?.node.type === 'VariableDeclarator' ? findStatement(definition.node) : undefined;
  if (!controller || !source || !declaration?.parent || !isWithin(node, declaration.parent)) return undefined;
  // What is put into options is used where they are, perhaps behind the block.
  if (node.type === 'AssignmentExpression' && !isFunction(declaration.parent.parent)) return undefined;
  const signal = findVisibleName(file, declaration, { source, variables: new Set(), aliases: [] });
  const name = findFreshName(file, form === 'using' ? ['_link', '_callerLink'] : ['link', 'callerLink'], node);
  if (signal === undefined || name === undefined) return undefined;
  const value = `onAbort(${signal}, (reason) => ${controller.name}.abort(reason))`;
  const edits = holdUntilEnd(file, declaration, { place: 'behind', name, value, form });
  return edits && { edits, helpers: ['onAbort'] };
}

/** fetch(url, { signal: AbortSignal.timeout(ms) })  →  using linked = linkSignals(signal, AbortSignal.timeout(ms)); fetch(url, { signal: linked.signal }) */
function linkSignal(file: SourceFile, { node, replacement, source, abortable }: UnforwardedSignal, { form }: AbortStyle): AbortRepair | undefined {
  if (!replacement || !source || !abortable || isHandedOn(file, abortable.call)) return undefined;
  const statement = findStatement(node);
  const signal = statement && findVisibleName(file, statement, { source, variables: new Set(), aliases: [] });
  const name = findFreshName(file, ['linked', 'linkedSignals'], node);
  if (signal === undefined || name === undefined) return undefined;
  const value = `linkSignals(${signal}, ${file.getText(replacement)})`;
  const edits = holdUntilEnd(file, statement!, { place: 'before', name, value, form });
  return edits && { edits: [...edits, replaceValue(replacement, `${name}.signal`)], helpers: ['linkSignals'] };
}

/** Whether the result, with a body that is still to be read, leaves the function: its time limit must go with it. */
function isHandedOn(file: SourceFile, call: Node): boolean {
  let value = outermostWrapper(call);
  if (value.parent?.type === 'AwaitExpression') value = outermostWrapper(value.parent);
  else return true;
  const { parent } = value;
  if (parent?.type === 'ExpressionStatement') return false;
  // await (await fetch(url)).text()
  if (parent?.type === 'MemberExpression') return false;
  const variable = parent?.type === 'VariableDeclarator' && parent.id.type === 'Identifier' ? file.getVariable(parent.id) : undefined;
  return !variable || variable.references.some(({ identifier, init }) => !init && isKept(identifier));
}

/** return res, { res }, list.push(res), this.res = res */
function isKept(use: Node): boolean {
  const value = outermostWrapper(use);
  const { parent } = value;
  return parent?.type !== 'MemberExpression' || parent.object !== value || getPropertyName(parent) === 'body';
}

function findController(file: SourceFile, value: Node, depth = 0): Variable | undefined {
  const node = skipWrappers(value);
  if (depth > 3) return undefined;
  if (node.type === 'MemberExpression' && getPropertyName(node) === 'signal') {
    const object = skipWrappers(node.object);
    const variable = object.type === 'Identifier' ? file.getVariable(object) : undefined;
    const creation = variable && file.getOnlyValue(variable);
    return creation && isControllerCreation(file, creation) ? variable : undefined;
  }
  if (node.type !== 'Identifier') return undefined;
  const declarator = file.getVariable(node)?.defs[0]?.node;
  if (declarator?.type !== 'VariableDeclarator' || !declarator.init) return undefined;
  // const { signal } = controller
  const init = skipWrappers(declarator.init);
  if (declarator.id.type === 'ObjectPattern') {
    const variable = init.type === 'Identifier' ? file.getVariable(init) : undefined;
    const creation = variable && file.getOnlyValue(variable);
    return creation && isControllerCreation(file, creation) ? variable : undefined;
  }
  return findController(file, init, depth + 1);
}
