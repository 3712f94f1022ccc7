import type { FindingExit, Certainty, Finding, PathStep } from '../finding.js';
import type { SourceFile } from '../source-file.js';
import type { ClassNode, FunctionNode, Node, TSESTree } from '../syntax/node.js';
import type { ListenerCall } from './listener-calls.js';
import type { Teardown } from './teardown.js';

/** How a listener is left behind. */
export type UnremovedReason =
  /** What is called `off` or stands in a clean-up adds the listener once more. */
  | 'addedInRemoval'
  /** The removal names a function made on the spot, another capture flag, or another event: it removes nothing. */
  | 'removesNothing'
  /** Added for each instance of a class, or of an object that a factory returns, whose end does not remove it. */
  | 'instance'
  /** Added by a component when it appears, and not removed when it goes. */
  | 'effect'
  /** Added by each call, request or connection to what outlives it. */
  | 'call'
  /** One of two `once` listeners fires, the other stays. */
  | 'pair'
  /** The function takes back another listener of the same emitter, and not this one. */
  | 'sibling'
  /** The callback of `listen` stays when the port cannot be bound. */
  | 'failedListen';

export interface UnremovedListener extends Finding {
  readonly node: TSESTree.CallExpression;
  readonly reason: UnremovedReason;
  readonly listener: ListenerCall | undefined;
  /** The emitter and the event, as the message names them. */
  readonly target: string;
  readonly event: string;
  /** Where the removal belongs: the class, or the object with its factory. */
  readonly owner?: ListenerOwner | undefined;
  /** The other listener of a pair, or the listener that a removal was meant for. */
  readonly other?: ListenerCall | undefined;
  /** What the message says about this reason besides. */
  readonly detail?: string | undefined;
}

export type ListenerOwner =
  | { readonly kind: 'class'; readonly node: ClassNode; readonly name: string; readonly teardown: Teardown }
  | { readonly kind: 'factory'; readonly node: FunctionNode; readonly name: string; readonly teardown: Teardown };

interface Parts {
  readonly certainty?: Certainty;
  readonly target: string;
  readonly owner?: ListenerOwner | undefined;
  readonly other?: ListenerCall | undefined;
  readonly detail?: string | undefined;
  readonly steps: readonly PathStep[];
  readonly exit?: FindingExit;
}

/** A finding on a listener call. */
export function makeFinding(file: SourceFile, reason: UnremovedReason, listener: ListenerCall, parts: Parts): UnremovedListener {
  const { certainty = 'certain', steps, ...rest } = parts;
  return {
    node: listener.call,
    reason,
    listener,
    certainty,
    event: describeEvent(file, listener),
    path: [{ kind: 'acquire', node: listener.call, text: `\`${rest.target}\` gets a listener` }, ...steps],
    ...rest,
  };
}

export function describeEvent(file: SourceFile, listener: ListenerCall): string {
  if (listener.event) return `'${listener.event}'`;
  return listener.eventNode ? file.getText(listener.eventNode) : '';
}

export function getStep(node: Node, text: string): PathStep {
  return { kind: 'note', node, text };
}
