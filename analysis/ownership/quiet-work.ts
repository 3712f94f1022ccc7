import { cannotThrow } from '../control-flow/call-facts.js';
import type { SourceFile } from '../source-file.js';
import { type Node, getCalleeName, isFunction, isWithin, skipWrappers } from '../syntax/node.js';
import { walk } from '../syntax/walk.js';

const LISTENING = /^(?:on|once|off|addListener|removeListener|prependListener|removeAllListeners)$/;
const ASKING = /(?:^|[a-z])exists(?:Sync|Async)?$/i;
/** Looks something up that is there already, or gets what is not there when it fails: `browser.version()`, `client.db(name)`, `runner.connect()`. */
const LOOKING_UP = /^(?:version|isConnected|db|collection|address|pages|contexts|connect)$/;
const ENDING = /^(?:close|end|destroy|release|stop|kill|terminate|disconnect|quit|dispose|cancel|abort|unlink|rm|rmdir|remove|rimraf|unsubscribe|cleanup|cleanUp|shutdown)(?:Sync|Async)?$/;

/** Whether a call is one of those whose failure nobody plans for: it listens, asks, swallows its own failure, or ends something else on the way out. */
export function isQuiet(call: Node, file: SourceFile): boolean {
  if (call.type !== 'CallExpression') return false;
  const name = getCalleeName(call.callee);
  if (name === undefined) return false;
  if (LISTENING.test(name) || ASKING.test(name) || LOOKING_UP.test(name)) return true;
  const handler = name === 'catch' ? call.arguments[0] : name === 'then' ? call.arguments[1] : undefined;
  if (handler && swallows(handler, file)) return true;
  return ENDING.test(name) && isInFinalizer(call);
}

/** work().catch(() => undefined) */
function swallows(handler: Node, file: SourceFile): boolean {
  const fn = skipWrappers(handler);
  if (!isFunction(fn)) return false;
  let isSilent = true;
  walk(fn.body, (node) => {
    if (node.type === 'ThrowStatement' || node.type === 'AwaitExpression' || (node.type === 'CallExpression' && !cannotThrow(node, file))) isSilent = false;
    return isSilent;
  });
  return isSilent;
}

function isInFinalizer(node: Node): boolean {
  for (let outer = node.parent; outer && !isFunction(outer); outer = outer.parent) {
    if (outer.type === 'TryStatement' && outer.finalizer && isWithin(node, outer.finalizer)) return true;
  }
  return false;
}
