import type { SourceFile } from '../../source-file.js';
import { isTypeScript } from '../../syntax/is-type-script.js';
import { type Node, type TSESTree, findEnclosingClass, findEnclosingFunction, getPropertyName, isFunction, isWithin } from '../../syntax/node.js';
import { walk } from '../../syntax/walk.js';
import type { Race } from '../find-races.js';
import { getFacts } from '../function-facts.js';
import type { Region } from './lock-region.js';

/**
 * The one statement that asks and acts, where what follows it only uses what is there by then, and need not wait:
 * `if (!this.client) this.client = await open();`
 */
export function findNarrowRegion(race: Race, file: SourceFile): Region | undefined {
  const { fn, kind, read, act, place } = race;
  const statement = kind === 'check' && place ? findStatement(race) : undefined;
  if (!statement || statement.parent?.type !== 'BlockStatement' || leaves(statement, file)) return undefined;
  if (!isWithin(read, statement) || !isWithin(act, statement)) return undefined;
  const { writes } = getFacts(fn, file).accesses;
  if (writes.some((write) => write.place.key === place!.key && !isWithin(write.node, statement))) return undefined;
  const [start, end] = statement.range;
  const name = place!.text.replace(/\[.*\]/g, '').split('.').at(-1)!;
  const isNamedBehind = file.text.slice(end, fn.range[1]).includes(name);
  // TypeScript forgets at a function border that the value is there.
  if (isNamedBehind && isTypeScript(file) && !isAlwaysThere(race, file)) return undefined;
  return { body: statement.parent, statements: [statement], start, end };
}

function findStatement({ fn, read, act }: Race): TSESTree.Statement | undefined {
  for (let node: Node | undefined = act; node && node !== fn; node = node.parent) {
    if (node.type !== 'IfStatement' && node.type !== 'ExpressionStatement') continue;
    if (node.parent.type === 'BlockStatement' && isWithin(read, node)) return findEnclosingFunction(node) === fn ? node : undefined;
  }
  return undefined;
}

/** Whether it can end the function or a loop, or declares names for what follows. */
function leaves(statement: Node, file: SourceFile): boolean {
  let found = false;
  walk(
    statement,
    (node) => {
      if (found || isFunction(node)) return false;
      found = /^(?:Return|Break|Continue)Statement$|^YieldExpression$/.test(node.type) || (node.type === 'VariableDeclaration' && node.kind === 'var');
      return !found;
    },
    file.visitorKeys,
  );
  return found;
}

/** Whether the declared type of the state leaves no room for its absence, so that nothing has to be shown to TypeScript. */
function isAlwaysThere({ read, place }: Race, file: SourceFile): boolean {
  const annotation = place!.variable ? findVariableType(place!.variable.defs[0]?.name) : findFieldType(read, place!.text);
  return annotation !== undefined && !/\b(?:undefined|null|unknown)\b/.test(file.getText(annotation));
}

function findVariableType(name: Node | undefined): Node | undefined {
  return name?.type === 'Identifier' ? name.typeAnnotation?.typeAnnotation : undefined;
}

function findFieldType(read: Node, text: string): Node | undefined {
  const member = findEnclosingClass(read)?.body.body.find((each) => each.type === 'PropertyDefinition' && `this.${getPropertyName(each)}` === text);
  return member?.type === 'PropertyDefinition' && !member.optional ? member.typeAnnotation?.typeAnnotation : undefined;
}
