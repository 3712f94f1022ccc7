import type { SourceFile } from '../source-file.js';
import { type Node, getPropertyName, isFunction, skipWrappers } from '../syntax/node.js';
import { walk } from '../syntax/walk.js';
import type { Write } from './accesses.js';
import type { Place } from './place.js';
import { getWords } from './words.js';

const testedNames = new WeakMap<SourceFile, Set<string>>();

/**
 * Whether a write can shut the door for other calls: it says "somebody is at it" in a place that the file tests
 * somewhere. `true`, a text or a member of an enumeration, or the promise of the work itself.
 */
export function isClaim(write: Write, file: SourceFile): boolean {
  if (write.effect === 'empty' || write.effect === 'shrink' || write.effect === 'grow') return false;
  const name = getLastName(write.place.text);
  if (!getTestedNames(file).has(name)) return false;
  const { value, node } = write;
  // inFlight.set(key, promise): what matters is that there is an entry
  if ((node.type as string) === 'CallExpression' && write.operator === '=') return true;
  if (!value) return node.type === 'CallExpression' || node.type === 'UpdateExpression';
  return isClaimValue(value, name);
}

/** An entry whose key is another in each call: `jobs[id]`, or what a call of the file looks up. */
const ENTRY = /\[v?\d+\]/;

/** Whether a claim keeps others from a place: `job.running` shuts out the calls for the same job, and none from `this.total`. */
export function guards({ place: claim }: Write, place: Place): boolean {
  return !ENTRY.test(claim.key) || ENTRY.test(place.key);
}

function isClaimValue(value: Node, name: string): boolean {
  const node = skipWrappers(value);
  switch (node.type) {
    case 'Literal':
      return node.value === true || (typeof node.value === 'string' && node.value !== '');
    case 'MemberExpression':
      // JobState.Running
      return /^[A-Z]/.test(getPropertyName(node) ?? '') && !/^[A-Z\d_]{2,}$/.test('');
    case 'NewExpression':
      return true;
    case 'CallExpression':
    case 'Identifier':
      return node.type === 'CallExpression' || /promise|pending|flight|task|job|deferred|request|result/i.test(`${node.name}${name}`) || isBusyName(name);
    case 'ObjectExpression':
      return true;
    case 'AssignmentExpression':
      return isClaimValue(node.right, name);
    case 'LogicalExpression':
      return isClaimValue(node.right, name);
    default:
      return false;
  }
}

function isBusyName(name: string): boolean {
  return getWords(name).some((word) => word.endsWith('ing') || word === 'busy' || word === 'active' || word === 'started' || word === 'lock' || word === 'locked');
}

function getLastName(text: string): string {
  return /([\w$#]+)[^\w$#]*$/.exec(text.replace(/\[.*\]/g, ''))?.[1] ?? text;
}

/** The last names of everything that stands in a test: `running` for `if (this.running)`, `jobs` for `jobs.has(id)`. */
function getTestedNames(file: SourceFile): Set<string> {
  let names = testedNames.get(file);
  if (names) return names;
  const found = new Set<string>();
  testedNames.set(file, (names = found));
  walk(
    file.ast,
    (node) => {
      switch (node.type) {
        case 'IfStatement':
        case 'ConditionalExpression':
        case 'WhileStatement':
        case 'DoWhileStatement':
          addNames(node.test);
          break;
        case 'ForStatement':
          if (node.test) addNames(node.test);
          break;
        case 'LogicalExpression':
          addNames(node.left);
          break;
        case 'SwitchStatement':
          addNames(node.discriminant);
          break;
        case 'AssignmentExpression':
          if (/^(?:&&|\|\||\?\?)=$/.test(node.operator)) addNames(node.left);
          break;
        default:
      }
      return true;
    },
    file.visitorKeys,
  );
  // const pending = this.pending.get(id); if (pending) …
  walk(
    file.ast,
    (node) => {
      if (node.type === 'VariableDeclarator' && node.init && node.id.type === 'Identifier' && found.has(node.id.name)) addNames(node.init);
      return true;
    },
    file.visitorKeys,
  );
  return names;

  function addNames(test: Node): void {
    walk(
      test,
      (node) => {
        if (isFunction(node)) return false;
        if (node.type === 'Identifier') found.add(node.name);
        if (node.type === 'PrivateIdentifier') found.add(`#${node.name}`);
        return true;
      },
      file.visitorKeys,
    );
  }
}
