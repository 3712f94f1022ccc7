import type { Identifier, Node } from '../syntax/node.js';

/** The part of a scope manager that the analysis reads: eslint-scope, the typescript-eslint one and oxlint's all fit. */
export interface ScopeManager {
  readonly scopes: readonly Scope[];
}

export interface Scope {
  readonly type: string;
  readonly block: Node;
  readonly upper: Scope | null;
  readonly childScopes: readonly Scope[];
  readonly variables: readonly Variable[];
  readonly set: ReadonlyMap<string, Variable>;
  readonly references: readonly Reference[];
  readonly through: readonly Reference[];
  readonly variableScope: Scope;
}

export interface Variable {
  readonly name: string;
  readonly scope: Scope;
  readonly defs: readonly Definition[];
  readonly identifiers: readonly Identifier[];
  readonly references: readonly Reference[];
}

export interface Definition {
  readonly type: string;
  readonly name: Node;
  readonly node: Node;
  readonly parent?: Node | null | undefined;
}

export interface Reference {
  readonly identifier: Node;
  readonly from: Scope;
  readonly resolved: Variable | null;
  readonly writeExpr?: Node | null | undefined;
  readonly init?: boolean | undefined;
  isRead(): boolean;
  isWrite(): boolean;
}
