import type { SourceFile } from '../source-file.js';
import { type Node, getCalleeName, getPropertyName, getStringValue, skipWrappers } from '../syntax/node.js';
import { findListOf, getEntries, getPossibleValues } from './possible-values.js';

/** Whether a list is one text, of which `includes` finds any part. */
export function isText(file: SourceFile, expression: Node, depth = 0): boolean {
  const node = skipWrappers(expression);
  if (depth > 4) return false;
  switch (node.type) {
    case 'Literal':
      return typeof node.value === 'string';
    case 'TemplateLiteral':
      return true;
    case 'MemberExpression': {
      // process.env.ALLOWED_ORIGINS
      const object = skipWrappers(node.object);
      return object.type === 'MemberExpression' && getPropertyName(object) === 'env' && (file.getOrigin(object) === 'global:process.env' || object.object.type === 'MetaProperty');
    }
    case 'LogicalExpression':
      return isText(file, node.left, depth + 1) && isText(file, node.right, depth + 1);
    case 'CallExpression':
      return file.getOrigin(node.callee) === 'global:Deno.env.get' || (getCalleeName(node.callee) === 'join' && node.arguments.length === 1);
    case 'Identifier': {
      const variable = file.getVariable(node);
      if (!variable) return false;
      const [definition] = variable.defs;
      const name = definition?.name;
      // allowed.some((entry) => entry.includes(origin))
      const list = findListOf(file, variable);
      if (list) return isListOfTexts(file, list);
      if (definition?.type === 'Parameter' && name?.type === 'Identifier') return name.typeAnnotation?.typeAnnotation.type === 'TSStringKeyword';
      const { values, isComplete } = getPossibleValues(file, node);
      const writes = variable.references.flatMap(({ writeExpr }) => writeExpr ?? []);
      const only = definition?.node.type === 'VariableDeclarator' && definition.node.id.type === 'Identifier' && writes.length === 1 ? writes[0]! : undefined;
      return only !== undefined ? isText(file, only, depth + 1) : isComplete && values.length > 0 && values.every((value) => getStringValue(value) !== undefined);
    }
    default:
      return false;
  }
}

function isListOfTexts(file: SourceFile, list: Node): boolean {
  const node = skipWrappers(list);
  if (node.type === 'CallExpression') {
    const callee = skipWrappers(node.callee);
    if (callee.type !== 'MemberExpression') return false;
    if (getCalleeName(callee) === 'split') return true;
    return getCalleeName(callee) === 'filter' && isListOfTexts(file, callee.object);
  }
  if (node.type === 'LogicalExpression') return isListOfTexts(file, node.left);
  const variable = node.type === 'Identifier' ? file.getVariable(node) : undefined;
  const only = variable && file.getOnlyValue(variable);
  if (only && skipWrappers(only).type !== 'ArrayExpression') return isListOfTexts(file, only);
  const { values, isComplete } = getEntries(file, node);
  return isComplete && values.length > 0 && values.every((value) => getStringValue(value) !== undefined);
}
