import { type CallLike, type Node, getPropertyName, skipWrappers } from '../syntax/node.js';
import type { SourceFile } from '../source-file.js';

const LIMITER_MODULES = /^(?:p-limit|p-map|p-all|p-queue|p-throttle|p-ratelimit|bottleneck|async-sema|async-mutex|limiter|throat|promise-limit|promise-pool|@supercharge\/promise-pool|tiny-async-pool|async|async-pool|fastq|better-queue|bullmq|rate-limiter-flexible|promise\.map|bluebird|it-parallel|streaming-iterables|already|watertight-runtime)$/;
const LIMITER_NAME = /limit|throttl|sema|mutex|(?:^|[a-z])lock|queue|bottleneck|concurren|parallel|worker_?pool|^pool$|taskPool|gate|slots?$|acquire|schedul|enqueue|rateLimit|^p(?:Map|All)$|batch|chunk/i;

/** Whether a call waits for its turn, or hands work to something that lets only so much of it run: p-limit, a queue, a semaphore. */
export function isLimiter(file: SourceFile, call: CallLike): boolean {
  const callee = skipWrappers(call.callee);
  const origin = file.getOrigin(callee);
  if (origin !== undefined && LIMITER_MODULES.test(origin.slice(0, origin.indexOf(':')))) return true;
  return getNames(callee).some((name) => LIMITER_NAME.test(name));
}

function getNames(node: Node): string[] {
  const inner = skipWrappers(node);
  if (inner.type === 'Identifier') return [inner.name];
  if (inner.type === 'MemberExpression') return [...getNames(inner.object), getPropertyName(inner) ?? ''];
  return inner.type === 'CallExpression' ? getNames(inner.callee) : [];
}
