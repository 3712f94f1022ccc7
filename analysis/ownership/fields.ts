import { getTeardowns } from '../listeners/teardown.js';
import { type Node, type TSESTree, findEnclosingClass, getCalleeName, getPropertyName, outermostWrapper, skipWrappers } from '../syntax/node.js';
import { walk } from '../syntax/walk.js';
import { matchesCallee } from './acquisitions.js';
import { KEEPING_METHODS, resolveEffect } from './apply-call.js';
import type { ExploreContext } from './explore.js';

/**
 * Whether `this.name` keeps a resource that nothing in the file ever gives back: no method of the class releases the
 * field, passes it on, returns it or hands it out, and no code outside may, since the field is private. For a public
 * field the rest of the program is unknown, and the answer is no.
 */
export function isForgottenField(member: TSESTree.MemberExpression, context: ExploreContext): boolean {
  const { fields = 'handed-over' } = context.kind;
  if (fields === 'handed-over' || skipWrappers(member.object).type !== 'ThisExpression') return false;
  const name = getPropertyName(member);
  const owner = findEnclosingClass(member);
  if (name === undefined || !owner || !isPrivate(owner.body, name)) return false;
  // Where nothing ends the object it may live as long as the process.
  if (fields === 'ended' && getTeardowns(owner).length === 0) return false;
  const { file } = context;
  let isGivenBack = false;
  walk(
    owner.body,
    (node) => {
      if (node.type === 'MemberExpression' && node !== member && getPropertyName(node) === name && mayGiveBack(node, context)) isGivenBack = true;
      // const { server } = this, { ...this }
      if (node.type === 'ThisExpression' && node.parent.type !== 'MemberExpression') isGivenBack ||= isHandedOut(node);
      return !isGivenBack;
    },
    file.visitorKeys,
  );
  return !isGivenBack;
}

function mayGiveBack(use: TSESTree.MemberExpression, context: ExploreContext): boolean {
  const { kind } = context;
  const outer = outermostWrapper(use);
  const { parent } = outer;
  if (kind.onUnknownCall === 'borrowed') {
    if (parent?.type === 'TemplateLiteral') return false;
    const call = findReceivingCall(outer);
    if (call) return mayTakeOver(call, context);
  }
  if (parent?.type === 'AssignmentExpression' && parent.left === outer) return false;
  if (parent?.type === 'MemberExpression' && parent.object === outer) {
    const name = getPropertyName(parent);
    if (name === undefined) return true;
    const call = outermostWrapper(parent).parent;
    const effect = kind.methods && Object.hasOwn(kind.methods, name) ? kind.methods[name] : undefined;
    if (call?.type === 'CallExpression') {
      if (effect === undefined) return kind.otherMethods !== 'borrow';
      const resolved = resolveEffect(effect, call);
      return resolved !== 'borrow' && resolved !== 'self';
    }
    // A property is read: a part of the resource might be released by it.
    return kind.properties !== undefined && Object.hasOwn(kind.properties, name);
  }
  if (parent?.type === 'UnaryExpression' || parent?.type === 'IfStatement' || parent?.type === 'BinaryExpression') return false;
  return true;
}

/** f(this.dir), f({ cwd: this.dir }), f([this.dir]) */
function findReceivingCall(use: Node): TSESTree.CallExpression | undefined {
  let node = use;
  while (node.parent && /^(?:Property|ObjectExpression|ArrayExpression)$/.test(node.parent.type)) node = node.parent;
  const { parent } = node;
  return parent?.type === 'CallExpression' && parent.callee !== node ? parent : undefined;
}

/** Whether a call may remove what a path names, or keep the path: by the catalogue, by its name, or as a list does. */
function mayTakeOver(call: TSESTree.CallExpression, { kind, file }: ExploreContext): boolean {
  const name = getCalleeName(call.callee);
  if (kind.derivations?.some(({ calls, part }) => part !== 'resource' && matchesCallee(calls, call, file))) return false;
  if (kind.releasers?.some(({ calls }) => matchesCallee(calls, call, file))) return true;
  return name === undefined || new RegExp(kind.releaserNames ?? '(?!)', 'i').test(name) || KEEPING_METHODS.test(name);
}

function isHandedOut(self: Node): boolean {
  const outer = outermostWrapper(self);
  const { parent } = outer;
  if (parent?.type === 'VariableDeclarator' || parent?.type === 'SpreadElement') return true;
  return false;
}

function isPrivate(body: TSESTree.ClassBody, name: string): boolean {
  if (name.startsWith('#')) return true;
  return body.body.some((element) => {
    if (element.type === 'PropertyDefinition') return getPropertyName(element) === name && element.accessibility === 'private';
    if (element.type !== 'MethodDefinition' || element.kind !== 'constructor') return false;
    return element.value.params.some(
      (parameter) => parameter.type === 'TSParameterProperty' && parameter.accessibility === 'private' && parameter.parameter.type === 'Identifier' && parameter.parameter.name === name,
    );
  });
}
