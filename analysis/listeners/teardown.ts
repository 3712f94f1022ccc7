import { type ClassNode, type FunctionNode, type Node, type TSESTree, getPropertyName, isFunction, skipWrappers } from '../syntax/node.js';

const TEARDOWN =
  /^(?:#|_+)?(?:close|stop|dispose|destroy|shutdown|shutDown|terminate|teardown|tearDown|cleanup|cleanUp|unmount|uninstall|deactivate|disconnect|detach|release|kill|ngOnDestroy|componentWillUnmount|disconnectedCallback|detachedCallback|beforeDestroy|beforeUnmount|destroyed|unmounted|onDestroy|onUnmount|onModuleDestroy|onApplicationShutdown|beforeApplicationShutdown|willDestroy|closeBundle)(?:Async|Server|Sync)?$/;

/** Whether a method of this name ends the life of its object. */
export function isTeardownName(name: string): boolean {
  return TEARDOWN.test(name);
}

/** The function of a member that ends the life of its object: `close() {…}`, `stop = () => {…}`, `[Symbol.dispose]() {…}`. */
export interface Teardown {
  readonly name: string;
  readonly body: FunctionNode;
}

/** The methods of a class that end an instance. Empty where none does. */
export function getTeardowns(owner: ClassNode): Teardown[] {
  return owner.body.body.flatMap((member) => {
    if (member.type !== 'MethodDefinition' && member.type !== 'PropertyDefinition') return [];
    return member.static ? [] : readTeardown(member);
  });
}

/** The methods of an object literal that end what it stands for. */
export function getObjectTeardowns(object: TSESTree.ObjectExpression): Teardown[] {
  return object.properties.flatMap((property) => (property.type === 'Property' ? readTeardown(property) : []));
}

function readTeardown(member: TSESTree.MethodDefinition | TSESTree.PropertyDefinition | TSESTree.Property): Teardown[] {
  const name = getPropertyName(member) ?? getSymbolName(member.key);
  const value = member.value && skipWrappers(member.value);
  if (name === undefined || !isFunction(value) || !value.body) return [];
  if (member.type === 'MethodDefinition' && member.kind !== 'method') return [];
  return isTeardownName(name) || /^Symbol\.(?:asyncD|d)ispose$/.test(name) ? [{ name, body: value }] : [];
}

function getSymbolName(key: Node): string | undefined {
  if (key.type !== 'MemberExpression' || key.object.type !== 'Identifier') return undefined;
  const name = getPropertyName(key);
  return name === undefined ? undefined : `${key.object.name}.${name}`;
}
