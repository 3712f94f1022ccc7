import type { TextEdit } from '../../repairs/text-edit.js';
import type { Node } from '../../syntax/node.js';
import type { HoldForm } from './hold-edits.js';

/** How a project wants, and can have, code about signals and timers. */
export interface AbortStyle {
  readonly form: HoldForm;
  /** The lowest major version of Node that the project runs on; undefined where it does not say. */
  readonly lowestNode: number | undefined;
  /** Whether an expression is a number by its type, and never `undefined`: timers take anything, helpers do not. */
  readonly isNumber: (expression: Node) => boolean;
}

/** Edits, and the helpers of the runtime that they use. */
export interface AbortRepair {
  readonly edits: readonly TextEdit[];
  readonly helpers: readonly string[];
}
