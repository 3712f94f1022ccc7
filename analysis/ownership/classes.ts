import { type ClassNode, type FunctionNode, type TSESTree, findEnclosingClass, getPropertyName, isFunction, skipWrappers } from '../syntax/node.js';

/** The method or function-valued field that `this.name` is, in the class around it. A subclass may override it; its text is what is known. */
export function findMethod(member: TSESTree.MemberExpression): FunctionNode | undefined {
  if (skipWrappers(member.object).type !== 'ThisExpression') return undefined;
  const name = getPropertyName(member);
  const owner = name === undefined ? undefined : findEnclosingClass(member);
  return owner && findMember(owner, name!);
}

export function findMember(owner: ClassNode, name: string, isStatic?: boolean): FunctionNode | undefined {
  for (const member of owner.body.body) {
    if (isStatic !== undefined && 'static' in member && member.static !== isStatic) continue;
    if (member.type === 'MethodDefinition' && getPropertyName(member) === name && member.kind === 'method') {
      return isFunction(member.value) && member.value.body ? member.value : undefined;
    }
    if (member.type === 'PropertyDefinition' && getPropertyName(member) === name && member.value && isFunction(member.value)) return member.value;
  }
  return undefined;
}
