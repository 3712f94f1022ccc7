import type { Variable } from '../scopes/scope.js';
import type { SourceFile } from '../source-file.js';
import type { Identifier, Node } from '../syntax/node.js';
import type { ShadowedVariable, ShadowKind } from './shadowed-variable.js';

export const CORS_NAME = /origin|cors|allow|white_?list|trusted|domain|host|headers?|credential/i;

export interface Pair {
  readonly inner: Variable;
  readonly outer: Variable;
  readonly name: Identifier;
}

export function toShadowedVariable(file: SourceFile, { inner, outer, name }: Pair, kind: ShadowKind, data: Record<string, string>, effect: Node): ShadowedVariable {
  const outerName = outer.defs[0]!.name;
  return {
    kind,
    node: name,
    certainty: 'certain',
    inner,
    outer,
    path: [
      { kind: 'note', node: name, text: `\`${inner.name}\` is declared here and hides the outer one` },
      { kind: 'note', node: outerName, text: `the outer \`${outer.name}\`` },
      { kind: 'exit', node: effect, text: `\`${file.getText(effect)}\`` },
    ],
    data: { name: inner.name, ...data },
  };
}
