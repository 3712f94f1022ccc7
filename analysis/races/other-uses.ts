import type { SourceFile } from '../source-file.js';
import { type Node, getPropertyName, skipWrappers } from '../syntax/node.js';
import { walk } from '../syntax/walk.js';
import { type Write, isEmptyValue } from './accesses.js';
import type { FunctionFacts } from './function-facts.js';
import type { Place } from './place.js';
import { getWords } from './words.js';

const RELEASES = new Set([
  'close', 'end', 'destroy', 'disconnect', 'dispose', 'stop', 'kill', 'on', 'once', 'quit', 'terminate', 'release', 'shutdown', 'unsubscribe', 'abort', 'addListener', 'addEventListener', 'connect', 'start',
]);
const CHANGES = new Set(['push', 'add', 'set', 'delete', 'splice', 'unshift', 'pop', 'shift', 'clear']);

/** Whether other functions of the file give back or change what the place holds, so that it matters which one is there. */
export function isOwned(place: Place, { file, fn }: FunctionFacts): boolean {
  if (place.text.endsWith(']')) return false;
  return someNode(file, fn, (node) => {
    if (node.type === 'AssignmentExpression') {
      const target = skipWrappers(node.left);
      return target.type === 'MemberExpression' && target.computed && getPropertyName(target) === undefined && namesPath(target.object, place, file);
    }
    if (node.type !== 'CallExpression') return false;
    const callee = skipWrappers(node.callee);
    if (callee.type !== 'MemberExpression') return false;
    const method = getPropertyName(callee) ?? '';
    return (RELEASES.has(method) && names(callee.object, place, file)) || (CHANGES.has(method) && namesPath(callee.object, place, file));
  });
}

const RESOURCES = new Set([
  'session', 'client', 'connection', 'conn', 'watcher', 'worker', 'browser', 'server', 'socket', 'pool', 'channel', 'stream', 'subprocess', 'subscription', 'runner', 'transport', 'host', 'room', 'lock', 'transaction', 'driver',
  'container', 'tunnel', 'manager', 'service', 'controller', 'engine', 'db', 'database',
]);

/** this.connection, sessions[id], but no cache of them. */
export function holdsResource(place: Place): boolean {
  const words = getWords(getLastName(place)).map((word) => word.replace(/s$/, ''));
  if (words.some((word) => /^(?:cache|cached|memo|info|name|id|config|option|path|url|version|host|count)$/.test(word))) return false;
  const last = words.at(-1);
  return last !== undefined && RESOURCES.has(last);
}

/** this.accessToken: asking for a new one often ends the old one. */
export function holdsToken(place: Place): boolean {
  return getWords(getLastName(place)).some((word) => /^(?:tokens?|credentials?|jwt)$/.test(word));
}

/** Words for something that waits to be dealt with. */
const WAITING = new Set(['dirty', 'pending', 'changed', 'modified', 'stale', 'needs', 'need', 'queued', 'scheduled', 'unsaved', 'requested', 'outstanding']);

/** Whether other functions add to what this path throws away: `await send(this.batch); this.batch = []`. */
export function wipesNewer(write: Write, place: Place, { file, fn }: FunctionFacts): boolean {
  if (place.text.endsWith(']')) return false;
  const isCollection = isCollectionReset(write.value, write.node);
  const isWaiting = getWords(getLastName(place)).some((word) => WAITING.has(word));
  return someNode(file, fn, (node) => {
    switch (node.type) {
      case 'CallExpression': {
        const callee = skipWrappers(node.callee);
        if (!isCollection || callee.type !== 'MemberExpression') return false;
        return /^(?:push|add|set|unshift|append|enqueue)$/.test(getPropertyName(callee) ?? '') && names(callee.object, place, file);
      }
      case 'UpdateExpression':
        return isCollection && node.operator === '++' && names(node.argument, place, file);
      case 'AssignmentExpression': {
        const left = skipWrappers(node.left);
        if (names(left, place, file)) {
          if (node.operator === '+=') return isCollection;
          if (isWaiting && !isEmptyValue(node.right)) return true;
          return node.right.type === 'ArrayExpression' && node.right.elements.some((element) => element?.type === 'SpreadElement' && names(element.argument, place, file));
        }
        return isCollection && left.type === 'MemberExpression' && left.computed && getPropertyName(left) === undefined && names(left.object, place, file);
      }
      default:
        return false;
    }
  });
}

/** Emptied as one empties a collection or a counter, not set to "nothing there". */
function isCollectionReset(value: Node | undefined, node: Node): boolean {
  if (!value) return node.type === 'CallExpression';
  const inner = skipWrappers(value);
  if (inner.type === 'Literal') return inner.value === 0 || inner.value === '';
  return inner.type === 'ArrayExpression' || inner.type === 'ObjectExpression' || inner.type === 'NewExpression' || inner.type === 'TemplateLiteral';
}

function someNode(file: SourceFile, except: Node, predicate: (node: Node) => boolean): boolean {
  let found = false;
  walk(
    file.ast,
    (node) => {
      if (found || node === except) return false;
      found = predicate(node);
      return !found;
    },
    file.visitorKeys,
  );
  return found;
}

/** The name of the field or variable itself: `jobs` of `this.jobs[id]`. */
export function getLastName(place: Place): string {
  return place.text.replace(/\[.*\]/g, '').split('.').at(-1)!;
}

/** Whether an expression names the variable or, on whatever object, the field of a place. */
function names(node: Node, { variable, text }: Place, file: SourceFile): boolean {
  const inner = skipWrappers(node);
  if (inner.type === 'Identifier') return variable !== undefined && variable.name === text && file.getVariable(inner) === variable;
  return inner.type === 'MemberExpression' && text.includes('.') && getPropertyName(inner) === text.split('.').at(-1);
}

function namesPath(node: Node, place: Place, file: SourceFile): boolean {
  const inner = skipWrappers(node);
  return names(inner, place, file) || (inner.type === 'MemberExpression' && namesPath(inner.object, place, file));
}
