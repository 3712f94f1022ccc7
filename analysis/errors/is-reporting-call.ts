import { type Node, getPropertyName, skipWrappers } from '../syntax/node.js';

const LOG_WORDS =
  /^(?:console|log|logger|logging|debug|debugger|trace|tracer|span|warn|warning|warnings|verbose|silly|report|reporter|spinner|ora|toast|telemetry|metrics?|sentry|rollbar|bugsnag|monitor|audit|analytics|print|printer|stdout|stderr|ui|outro|intro|cli|channel|output|outputchannel)$/i;
const LOG_METHODS = /^(?:log\w*|warn\w*|debug\w*|trace\w*|info\w*|error|fatal|critical|verbose|report\w*|capture\w*|print\w*|notify\w*|record\w*|track\w*|note\w*|add?breadcrumb|set_?status|write\w*)$/i;

/** Whether a call only tells somebody about its arguments: it does not keep or alter them. Goes by names. */
export function isReportingCall(call: Node): boolean {
  if (call.type !== 'CallExpression') return false;
  let node = skipWrappers(call.callee);
  let isMethod = true;
  while (node.type === 'MemberExpression') {
    const name = getPropertyName(node);
    if (name !== undefined && (LOG_WORDS.test(name) || (isMethod && LOG_METHODS.test(name)))) return true;
    isMethod = false;
    node = skipWrappers(node.object);
  }
  if (node.type === 'CallExpression') return isReportingCall(node);
  return node.type === 'Identifier' && (LOG_WORDS.test(node.name) || (node === skipWrappers(call.callee) && LOG_METHODS.test(node.name)) || /[a-z](?:Log|Logger|Warn|Debug)$/.test(node.name));
}
