import { runsInPlace, someBelow } from '../abort/functions.js';
import type { SourceFile } from '../source-file.js';
import { runsOnce } from '../timers/runs-once.js';
import { type ClassNode, type FunctionNode, type Node, getPropertyName, isFunction, skipWrappers } from '../syntax/node.js';
import { findRunningFunction } from './targets.js';

const COMMAND_PATH = /(?:^|[\\/])(?:bin|cli|commands?|scripts?|tools|examples?|demos?|bench(?:marks?)?|playground|templates?)[\\/]/i;
const PROGRAM_CLASS = /(?:^(?:App|Application|Main|Program|Daemon|Bot)|Cli|CLI|Command|Application)$/;

/** Whether a file is a command or a script, whose functions run once in a process by custom. */
export function isCommand(file: SourceFile): boolean {
  return file.text.startsWith('#!') || (file.filename !== undefined && COMMAND_PATH.test(file.filename.split(/[\\/]/).slice(-6).join('/')));
}

/** Whether a file shows how something is used, and is no part of a product. */
export function isExample(file: SourceFile): boolean {
  return file.filename !== undefined && /(?:^|[\\/])(?:examples?|demos?|playground|templates?)[\\/]/i.test(file.filename.split(/[\\/]/).slice(-6).join('/'));
}

/** Whether one instance of a class is all there is: made by the module itself, handed out by `getInstance`, or a program as such. */
export function isSingleton(file: SourceFile, owner: ClassNode): boolean {
  const name = owner.id?.name;
  if (name !== undefined && PROGRAM_CLASS.test(name)) return true;
  if (owner.superClass && /Command$/.test(file.getText(owner.superClass))) return true;
  const hasInstanceGetter = owner.body.body.some(
    (member) => (member.type === 'MethodDefinition' || member.type === 'PropertyDefinition') && member.static && /^#?_?(?:getInstance|instance|shared|getShared|singleton|default|sharedInstance|create)$/i.test(getPropertyName(member) ?? ''),
  );
  if (hasInstanceGetter && owner.body.body.some((member) => 'static' in member && member.static && /instance|shared|singleton/i.test(file.getText(member)))) return true;
  // A class name is declared twice: outside, and once more for its own body.
  const variables = file.scopeManager.scopes.flatMap((scope) => scope.variables.filter(({ defs }) => defs[0]?.node === owner));
  const references = variables.flatMap((variable) => variable.references);
  const creations = references.filter(({ identifier }) => identifier.parent?.type === 'NewExpression' && identifier.parent.callee === identifier);
  return creations.length > 0 && creations.every(({ identifier }) => isFromModule(file, identifier));
}

function isFromModule(file: SourceFile, node: Node): boolean {
  const root = findRunningFunction(file, node, runsInPlace);
  return root === undefined || runsOnce(file, root) || /[Ii]nstance|[Ss]hared|[Ss]ingleton/.test(getOwnName(root) ?? '');
}

export function getOwnName(root: FunctionNode): string | undefined {
  const { parent } = root;
  if (root.type !== 'ArrowFunctionExpression' && root.id) return root.id.name;
  if (parent?.type === 'VariableDeclarator' && parent.id.type === 'Identifier') return parent.id.name;
  if (parent?.type === 'MethodDefinition' || parent?.type === 'Property' || parent?.type === 'PropertyDefinition') return getPropertyName(parent);
  return undefined;
}

/**
 * Whether something makes sure that a call happens once: a test of a variable of the module that the function sets, of a
 * static member, or of how many listeners there are. With `fields`, a test of a field that the function sets counts, too.
 */
export function isGuarded(file: SourceFile, call: Node, { fields = false } = {}): boolean {
  let child: Node = call;
  for (let outer: Node | undefined = call.parent; outer && outer.type !== 'Program'; child = outer, outer = outer.parent) {
    if (outer.type === 'IfStatement' && child !== outer.test && isGuard(file, outer.test, fields)) return true;
    if (outer.type === 'LogicalExpression' && child === outer.right && isGuard(file, outer.left, fields)) return true;
    if (outer.type === 'BlockStatement') {
      for (const statement of outer.body) {
        if (statement.range[1] > call.range[0]) break;
        // if (isInstalled) return;
        if (statement.type === 'IfStatement' && /\b(?:return|throw|continue)\b/.test(file.getText(statement.consequent)) && isGuard(file, statement.test, fields)) return true;
      }
    }
  }
  return false;
}

function isGuard(file: SourceFile, test: Node, fields: boolean): boolean {
  return someBelow(
    test,
    (node) => {
      if (node.type === 'MemberExpression') {
        const name = getPropertyName(node);
        // if (this.queue.length === 0) return: how many there are says nothing of whether it was done.
        const outer = node.parent?.type === 'MemberExpression' ? getPropertyName(node.parent) : undefined;
        if (outer === 'length' || outer === 'size') return false;
        if (/^(?:listenerCount|listeners|eventNames|rawListeners|connecting)$/.test(name ?? '')) return true;
        // if (this.isConnected) return; this.isConnected = true;
        if (skipWrappers(node.object).type === 'ThisExpression') return fields && isWrittenMember(getTextAround(file, node), 'this', name);
        // Class.isInstalled, state.isInstalled
        const object = skipWrappers(node.object);
        return object.type === 'Identifier' && isOwnModuleVariable(file, object) && isWrittenMember(file.text, object.name, name);
      }
      if (node.type !== 'Identifier' || !isOwnModuleVariable(file, node)) return false;
      const variable = file.getVariable(node)!;
      return variable.references.some((reference) => (reference.isWrite() && !reference.init) || isCollected(reference.identifier));
    },
    file,
  );
}

/** seen.add(…), seen.set(…), seen.push(…), seen[key] = … */
function isCollected(use: Node): boolean {
  const { parent } = use;
  if (parent?.type !== 'MemberExpression' || parent.object !== use) return false;
  const name = getPropertyName(parent);
  return parent.parent.type === 'AssignmentExpression' || name === 'add' || name === 'set' || name === 'push';
}

function isOwnModuleVariable(file: SourceFile, node: Node): boolean {
  const variable = file.getVariable(node);
  if (!variable || variable.defs.length === 0 || variable.defs[0]!.type === 'ImportBinding') return false;
  return !isFunction(variable.scope.variableScope.block);
}

/** The text of the method or function around a test, in which a flag is set that the test asks. */
function getTextAround(file: SourceFile, node: Node): string {
  const root = findRunningFunction(file, node, runsInPlace);
  return root ? file.getText(root) : file.text;
}

function isWrittenMember(text: string, object: string, name: string | undefined): boolean {
  if (name === undefined) return false;
  const escape = (word: string) => word.replace(/[$]/g, '\\$&');
  return new RegExp(`(?<![\\w$.])${escape(object)}\\.${escape(name)}\\s*(?:\\?\\?=|\\|\\|=|=(?![=>])|\\.(?:add|set|push)\\()`).test(text);
}

/** Whether a function uses a variable that another function, not the module, declares: it is made anew by each call. */
export function capturesLocals(file: SourceFile, nested: FunctionNode): boolean {
  for (const scope of file.getScopes(nested)) {
    for (const { resolved } of scope.through) {
      if (resolved && resolved.defs.length > 0 && isFunction(resolved.scope.variableScope.block)) return true;
    }
  }
  return someBelow(nested, (node) => node.type === 'ThisExpression', file);
}
