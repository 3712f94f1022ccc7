import type { Certainty, Finding, PathStep } from '../finding.js';
import type { SourceFile } from '../source-file.js';
import { type Node, type TSESTree, isWithin } from '../syntax/node.js';
import type { Abortable, SignalGiven } from './abortable-calls.js';
import { findVisibleName } from './signal-carriers.js';
import type { Run } from './signal-run.js';
import type { SignalSource } from './signal-sources.js';

/** What is wrong with the way a signal goes, or does not go. */
export type SignalFlaw =
  /** A call that takes a signal gets none. */
  | 'missing'
  /** A call gets a signal of its own instead of the caller's. */
  | 'replaced'
  /** A spread behind the property puts the caller's signal in place of the joined one. */
  | 'overwritten'
  /** A wait in a loop that never looks at the signal. */
  | 'loop'
  /** A sleep that an abort does not end. */
  | 'sleep'
  /** The option has another name there: `abortSignal` instead of `signal`. */
  | 'misnamed'
  /** The signal is read where it is not: `options.signal` of a type that keeps it in `request.signal`. */
  | 'misread';

export interface UnforwardedSignal extends Finding {
  readonly flaw: SignalFlaw;
  /** The signal that the function has, as it can be written at the place; undefined where every name is hidden. */
  readonly name: string | undefined;
  readonly source: SignalSource | undefined;
  readonly abortable?: Abortable | undefined;
  readonly given?: SignalGiven | undefined;
  /** Of `misnamed` and `misread`: what it should be. */
  readonly expected?: string | undefined;
  /** Of `replaced`: the signal that is passed instead. */
  readonly replacement?: Node | undefined;
}

export type Call = TSESTree.CallExpression | TSESTree.NewExpression;

export function describeFlaw(file: SourceFile, node: Node, { carriers, owner }: Run, flaw: SignalFlaw, more: Partial<UnforwardedSignal> & { certainty?: Certainty }): UnforwardedSignal {
  const { source } = carriers;
  const steps: PathStep[] = [
    { kind: 'acquire', node: source.node, text: `\`${source.text}\` is the signal of the caller` },
    { kind: 'call', node, text: flaw === 'replaced' ? 'another signal is passed' : 'it is not passed on' },
  ];
  return { node, flaw, name: findVisibleName(file, node, carriers), source, certainty: 'certain', path: isWithin(source.node, owner) || source.kind === 'field' ? steps : steps.slice(1), ...more };
}
