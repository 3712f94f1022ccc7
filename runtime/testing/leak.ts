/** What kind of thing is held. */
export type LeakKind =
  | 'descriptor'
  | 'socket'
  | 'server'
  | 'child process'
  | 'worker'
  | 'watcher'
  | 'message port'
  | 'handle'
  | 'timer'
  | 'listener'
  | 'temp file'
  | 'response body';

/** Something that was acquired while it was watched for, and is still held. */
export interface Leak {
  /** What kind of thing it is. */
  readonly kind: LeakKind;
  /** What it is: a path, an address, an event name. */
  readonly description: string;
  /** The stack of the acquisition without frames of Node itself, one frame per line; absent when it was not seen. */
  readonly acquiredAt: string | undefined;
}

/** Says what leaked and where it was acquired. */
export class LeakError extends Error {
  /** Tells it from other errors, also across copies of this package. */
  override readonly name = 'LeakError';
  /** Every leak, in the order in which the kinds are looked for. Not enumerable. */
  declare readonly leaks: readonly Leak[];

  /** @param failure what the watched function threw, when it failed as well */
  constructor(leaks: readonly Leak[], failure?: { error: unknown }) {
    super(describeLeaks(leaks, failure), failure === undefined ? undefined : { cause: failure.error });
    // Not enumerable: the message says it all, and runners print what is enumerable once more.
    Object.defineProperty(this, 'leaks', { value: leaks });
  }
}

function describeLeaks(leaks: readonly Leak[], failure: { error: unknown } | undefined): string {
  const groups = new Map<string, { leak: Leak; count: number }>();
  for (const leak of leaks) {
    const key = `${leak.kind}\n${leak.acquiredAt ?? leak.description}`;
    const group = groups.get(key);
    if (group === undefined) {
      groups.set(key, { leak, count: 1 });
    } else {
      group.count++;
    }
  }
  const lines = [`${leaks.length} ${leaks.length === 1 ? 'resource was' : 'resources were'} not released:`];
  for (const { leak, count } of groups.values()) {
    lines.push(`- ${leak.kind}${count > 1 ? ` (${count} times)` : ''}: ${leak.description}`);
    lines.push(leak.acquiredAt === undefined ? '    acquired at a place that was not seen' : `    acquired ${leak.acquiredAt.replaceAll('\n', '\n    ')}`);
  }
  if (failure !== undefined) {
    lines.push(`The function itself failed with: ${failure.error instanceof Error ? failure.error.message : String(failure.error)}`);
  }
  return lines.join('\n');
}
