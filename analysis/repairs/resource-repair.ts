import type { ModuleFunction } from '../scopes/find-module-function.js';
import type { TextEdit } from './text-edit.js';

/** How code that takes care of a resource is to be written. */
export interface ResourceStyle {
  /** `using` and `await using` may be written. */
  readonly usesUsing: boolean;
  /** No helper of the runtime package may be named: what an editor offers adds no dependency. */
  readonly isLocal?: boolean;
}

export interface ResourceRepair {
  readonly edits: readonly TextEdit[];
  /** Helpers of the runtime package that the edits name. */
  readonly helpers: readonly string[];
  /** Functions of the platform that the edits name and the file does not import. */
  readonly imports: readonly NonNullable<ModuleFunction['needed']>[];
}

