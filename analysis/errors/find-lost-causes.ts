import { type CallLike, type TSESTree, getCalleeName, skipWrappers } from '../syntax/node.js';
import type { Certainty, Finding } from '../finding.js';
import type { TextEdit } from '../repairs/text-edit.js';
import { findFunction } from '../scopes/find-function.js';
import type { Variable } from '../scopes/scope.js';
import type { SourceFile } from '../source-file.js';
import { type CaughtError, findCaughtErrors, findSavedErrors } from './caught-error.js';
import { findCaughtName, findFreeName, getBindingEdits } from './cause-edits.js';
import { type CausePlace, findCausePlace } from './cause-place.js';
import { type ErrorClass, findErrorClass } from './error-class.js';
import { getKnown } from './guards.js';
import { isProbe } from './is-probe.js';
import { asksPerson, isSignal } from './is-signal.js';
import { type ReplacementExit, findReplacementExit } from './replacement-exit.js';
import { Share } from './share.js';
import { getShareOfAdditions } from './share-of-variable.js';
import { ShareTracker } from './share-tracker.js';

/** An error that takes the place of one that was caught, and does not carry it. */
export interface LostCause extends Finding {
  readonly node: CallLike;
  readonly caught: CaughtError;
  /** The name of the class or of the function that makes the new error. */
  readonly errorName: string;
  readonly errorClass: ErrorClass | undefined;
  readonly leaving: ReplacementExit;
  /** Whether the text of the caught error is in the new one. */
  readonly keepsText: boolean;
  /** Where the caught error could be handed over; undefined where that cannot be told from this file. */
  readonly place: CausePlace | undefined;
  /** How to write the caught error at `node`, once `binding` is applied; undefined where nothing can hold all of it. */
  readonly causeName: string | undefined;
  /** What gives the caught error its name where it has none: `catch {` → `catch (error) {`. */
  readonly binding: readonly TextEdit[];
}

/** What is said of a value that was only tried. */
const SAYS_INVALID = /\b(?:invalid|malformed|not (?:a )?valid)\b/i;

/** Login code says "invalid" for every reason on purpose. */
const HIDES_REASON =
  /unauthori[sz]ed|unauthenticated|authentication|forbidden|accessdenied|permission|credential|invalid(?:token|password|signature|login|session|jwt)/i;
const ON_PURPOSE = /\b(?:attack|leak|expos|hid(?:e|ing)\b|disclos|enumerat|on purpose|intentional|deliberate|security|sensitive|secret)/i;
const REDACTS = /redact|saniti[sz]e|scrub|censor|\bmask[A-Z(]/i;
const FACTORY = /^(?:create|make|build|new|to|wrap|format)?\w*(?:Error|Exception)$|^createError$/;
const NO_FACTORY = /^(?:is|has|get|on|log|report|handle|set|clear|print|show|assert|emit|throw|capture)[A-Z_]?/;

/** Finds the errors of a file that replace a caught one without its cause, in source order. */
export function findLostCauses(file: SourceFile): LostCause[] {
  const found: LostCause[] = [];
  let saved: Map<Variable, CaughtError> | undefined;
  for (const node of file.getCalls()) {
    if (!makesError(file, node)) continue;
    saved ??= findSavedErrors(file);
    const lost = findLostCause(file, node, saved);
    if (lost) found.push(lost);
  }
  return found;
}

/** `new X(…)` and `Error(…)` of an error class, `throw new Y(…)` of any class, and calls whose name says that they make an error. */
function makesError(file: SourceFile, node: CallLike): boolean {
  const errorClass = findErrorClass(file, node.callee);
  if (node.type === 'NewExpression') return errorClass !== undefined || node.parent.type === 'ThrowStatement';
  if (errorClass?.kind === 'native') return true;
  const name = getCalleeName(node.callee);
  return name !== undefined && FACTORY.test(name) && !NO_FACTORY.test(name);
}

function findLostCause(file: SourceFile, node: CallLike, saved: ReadonlyMap<Variable, CaughtError>): LostCause | undefined {
  const around = findCaughtErrors(file, node);
  const later = [...saved.values()].filter((caught) => isInScope(node, caught) && !around.some((other) => other.node === caught.node));
  const candidates = [...around, ...later];
  if (candidates.length === 0) return undefined;
  // A factory of the file that is given the error is judged where it makes the new one.
  const isOwnFactory = node.type === 'CallExpression' && node.callee.type === 'Identifier' && findFunction(file, node.callee) !== undefined;
  const all = new ShareTracker(file, new Map(candidates.flatMap(({ tracked }) => [...tracked])));
  if (isOwnFactory && node.arguments.some((argument) => all.getShare(argument) >= Share.Whole)) return undefined;
  for (const caught of candidates) {
    const leaving = findReplacementExit(file, node, caught.kind === 'saved' ? file.ast : caught.node);
    if (!leaving) continue;
    const total = getShareOf(all, leaving);
    // One of the errors at hand is enough: which one, is the author's choice.
    if (total >= Share.Whole) return undefined;
    const tracker = new ShareTracker(file, caught.tracked);
    const share = getShareOf(tracker, leaving);
    if (share === Share.None && (caught !== around[0] || total > Share.None)) continue;
    return judge(file, { node, caught, leaving, share, tracker });
  }
  return undefined;
}

function getShareOf(tracker: ShareTracker, { value, variable }: ReplacementExit): Share {
  const share = tracker.getShare(value);
  const added = variable ? getShareOfAdditions(tracker, variable) : Share.None;
  return share > added ? share : added;
}

function nameCause(file: SourceFile, node: CallLike, caught: CaughtError): Pick<LostCause, 'causeName' | 'binding'> {
  if (caught.name !== undefined) return { causeName: findCaughtName(file, node, caught), binding: [] };
  const name = findFreeName(file, caught);
  const binding = name === undefined ? undefined : getBindingEdits(caught, name, file.text);
  return binding ? { causeName: name, binding } : { causeName: undefined, binding: [] };
}

interface Replacement {
  readonly node: CallLike;
  readonly caught: CaughtError;
  readonly leaving: ReplacementExit;
  readonly share: Share;
  readonly tracker: ShareTracker;
}

function judge(file: SourceFile, replacement: Replacement): LostCause | undefined {
  const { node, caught, leaving, share } = replacement;
  const certainty = getCertainty(file, replacement);
  if (!certainty) return undefined;
  const errorName = getCalleeName(node.callee) ?? 'error';
  const errorClass = findErrorClass(file, node.callee);
  const what = caught.name === undefined ? 'what was caught' : `\`${caught.name}\``;
  return {
    node,
    caught,
    errorName,
    errorClass,
    leaving,
    keepsText: share === Share.Text,
    place: findCausePlace(file, replacement, errorClass),
    ...nameCause(file, node, caught),
    certainty,
    path: [
      { kind: 'note', node, text: `\`${errorName}\` is made with ${share === Share.Text ? 'only the text of' : 'nothing of'} ${what}` },
      { kind: leaving.kind === 'thrown' ? 'throw' : 'exit', node: leaving.node, text: `it is ${leaving.kind} in place of ${what}` },
    ],
  };
}

function getCertainty(file: SourceFile, { node, caught, leaving, share, tracker }: Replacement): Certainty | undefined {
  const known = getKnown(file, node, caught, tracker);
  if (known === 'not-an-error' || known === 'cancelled') return undefined;
  const errorClass = findErrorClass(file, node.callee);
  // A call that only sounds like an error may give an exit code or an answer.
  if (!errorClass && node.type === 'CallExpression' && leaving.kind === 'returned') return undefined;
  // What was caught may hold secrets that must not travel on: redact(error.message)
  if (REDACTS.test(file.getText(leaving.value)) || explainsItself(file, node, caught)) return 'potential';
  // A function that translates the errors it knows may do so on purpose.
  const isTranslation = known === 'identified' || (known === 'classified' && caught.kind === 'parameter');
  if (share === Share.Text) return isTranslation ? 'potential' : 'certain';
  // Nothing shows that the new error stands for this one.
  if (caught.kind === 'parameter' || caught.kind === 'saved') return undefined;
  if (isSignal(file, node) || asksPerson(file, caught)) return undefined;
  if (known !== 'open') return 'potential';
  if (share === Share.Detail) return 'certain';
  if ((!errorClass && node.type === 'NewExpression') || HIDES_REASON.test(getCalleeName(node.callee) ?? '')) return 'potential';
  if (caught.parameter === undefined && caught.kind !== 'catch') return 'potential';
  if (caught.node.type !== 'CatchClause') return 'certain';
  const { block } = caught.node.parent;
  return isProbe(file, block) || (isTrial(block) && SAYS_INVALID.test(node.arguments.map((argument) => file.getText(argument)).join())) ? 'potential' : 'certain';
}

/** try { keyBetween(position, null); } catch { throw new BadRequest('Invalid position'); } */
function isTrial({ body }: TSESTree.BlockStatement): boolean {
  const [only] = body;
  return body.length === 1 && only?.type === 'ExpressionStatement' && skipWrappers(only.expression).type === 'CallExpression';
}

/** // Do not tell strangers why the login failed. */
function explainsItself(file: SourceFile, node: CallLike, caught: CaughtError): boolean {
  const before = file.text.slice(caught.node.body.range[0], node.range[0]);
  return (before.match(/\/\/[^\n]*|\/\*[^]*?\*\//g) ?? []).some((comment) => ON_PURPOSE.test(comment));
}

/** Whether a variable that a `catch` filled can be meant at `node`: it is a local of a function around it. */
function isInScope(node: CallLike, caught: CaughtError): boolean {
  const [variable] = caught.tracked.keys();
  const { block } = variable!.scope;
  return block.type !== 'Program' && block.range[0] <= node.range[0] && node.range[1] <= block.range[1];
}
