import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import { watchAsync, type Acquisition } from '../acquisition.js';
import type { Leak, LeakKind } from '../leak.js';
import type { Probe } from './probe.js';

/** What is used of the objects behind sockets, timers and the like, which `async_hooks` hands out at their making. */
interface Handle {
  hasRef?(): boolean;
  getsockname?(out: Address): unknown;
  getpeername?(out: Address): unknown;
  /** Of a timer: it has run or was cleared. */
  _destroyed?: boolean;
  /** Of a timer: it repeats. */
  _repeat?: number | null;
  _idleTimeout?: number;
}

interface Address {
  address?: string;
  port?: number;
}

interface Tracked {
  type: string;
  handle: Handle;
  acquisition: Acquisition;
}

/** The resources of `async_hooks` that keep a process alive until they are released, and their names in `process.getActiveResourcesInfo()`. */
const TYPES: Record<string, { kind: LeakKind; name: string; activeType?: string }> = {
  TCPWRAP: { kind: 'socket', name: 'TCP socket', activeType: 'TCPSocketWrap' },
  TCPSERVERWRAP: { kind: 'server', name: 'TCP server', activeType: 'TCPServerWrap' },
  PIPEWRAP: { kind: 'socket', name: 'pipe', activeType: 'PipeWrap' },
  PIPESERVERWRAP: { kind: 'server', name: 'pipe server', activeType: 'PipeServerWrap' },
  UDPWRAP: { kind: 'socket', name: 'UDP socket', activeType: 'UDPWrap' },
  PROCESSWRAP: { kind: 'child process', name: 'child process', activeType: 'ProcessWrap' },
  FSEVENTWRAP: { kind: 'watcher', name: 'file watcher', activeType: 'FSEventWrap' },
  STATWATCHER: { kind: 'watcher', name: 'file watcher', activeType: 'StatWatcher' },
  WORKER: { kind: 'worker', name: 'worker thread' },
  MESSAGEPORT: { kind: 'message port', name: 'message port' },
  Timeout: { kind: 'timer', name: 'timer' },
};

/**
 * Sockets, servers, child processes, workers, watchers, message ports and timers, from `async_hooks`; and, by their number only, what
 * `process.getActiveResourcesInfo()` counts beyond these. What is unref'd is not held: timers that do not keep the
 * process, and connections that a client keeps for its next request.
 */
export function probeHandles(): Probe {
  const tracked = new Map<number, Tracked>();
  const accepted = new WeakMap<object, Socket>();
  const before = countActive();

  const stopWatching = watchAsync({
    types: new Set(Object.keys(TYPES)),
    init: (id, type, resource, acquisition) => void tracked.set(id, { type, handle: resource, acquisition }),
    destroy: (id) => void tracked.delete(id),
  });

  const onAccepted = (message: unknown) => {
    const { socket } = message as { socket: Socket & { _handle?: object } };
    if (socket._handle) {
      accepted.set(socket._handle, socket);
    }
  };
  subscribe('net.server.socket', onAccepted);

  return {
    leaks() {
      const held = [...tracked.values()].filter(isHeld);
      return [...leaksOf(held, accepted), ...uncaught(before, held)];
    },
    stop() {
      stopWatching();
      unsubscribe('net.server.socket', onAccepted);
      tracked.clear();
    },
  };
}

function isHeld({ type, handle }: Tracked): boolean {
  if (type === 'Timeout' && handle._destroyed === true) {
    return false;
  }
  return handle.hasRef?.() === true;
}

function leaksOf(held: readonly Tracked[], accepted: WeakMap<object, Socket>): Leak[] {
  const processes = new Set(held.filter(({ type }) => type === 'PROCESSWRAP').map(({ acquisition }) => acquisition.frames));
  return held.filter((each) => isOfTheTest(each) && !isAcceptedByLiveServer(each, accepted) && !isPartOf(processes, each)).map((each) => ({
    kind: TYPES[each.type]!.kind,
    description: describe(each, accepted),
    acquiredAt: each.acquisition.frames,
  }));
}

function isOfTheTest({ type, acquisition }: Tracked): boolean {
  if (acquisition.isRunners) {
    return false;
  }
  switch (type) {
    case 'Timeout':
      // Node's own timers are made without a frame of the program.
      return acquisition.frames !== undefined && !acquisition.isOwn;
    case 'PIPEWRAP':
      // Those of standard input and output are made when they are first used.
      return !acquisition.passes('node:internal/bootstrap/switches/is_main_thread');
    case 'MESSAGEPORT':
      // A worker has ports of its own, which end with it.
      return acquisition.frames !== undefined && !acquisition.passes('node:internal/worker');
    default:
      return true;
  }
}

/** The other end of a connection belongs to its server, and waits there for the next request; it is the server's to close. */
function isAcceptedByLiveServer({ handle }: Tracked, accepted: WeakMap<object, Socket>): boolean {
  const server = (accepted.get(handle) as { server?: { listening?: boolean } } | undefined)?.server;
  return server?.listening === true;
}

/** The pipes to a child process end with it. */
function isPartOf(processes: ReadonlySet<string | undefined>, { type, acquisition }: Tracked): boolean {
  return type === 'PIPEWRAP' && processes.has(acquisition.frames) && acquisition.passes('node:internal/child_process');
}

function describe({ type, handle }: Tracked, accepted: WeakMap<object, Socket>): string {
  const { name } = TYPES[type]!;
  if (type === 'Timeout') {
    return `${handle._repeat == null ? 'setTimeout' : 'setInterval'} of ${handle._idleTimeout} ms`;
  }
  if (accepted.has(handle)) {
    return `${name} that was accepted by a server that has been closed`;
  }
  const peer = addressOf((out) => handle.getpeername?.(out));
  if (peer !== undefined) {
    return `${name} to ${peer}`;
  }
  const own = addressOf((out) => handle.getsockname?.(out));
  return own === undefined ? name : `${name} on ${own}`;
}

function addressOf(ask: (out: Address) => unknown): string | undefined {
  const out: Address = {};
  try {
    ask(out);
  } catch {
    return undefined;
  }
  return out.address === undefined ? undefined : `${out.address}:${out.port}`;
}

/** What is counted as active and was not seen being made: an old handle that is in use again, such as a pooled connection. */
function uncaught(before: ReadonlyMap<string, number>, held: readonly Tracked[]): Leak[] {
  const active = countActive();
  const leaks: Leak[] = [];
  for (const [type, { kind, name, activeType }] of Object.entries(TYPES)) {
    if (activeType !== undefined) {
      const seen = held.filter((each) => each.type === type).length;
      const more = (active.get(activeType) ?? 0) - (before.get(activeType) ?? 0) - seen;
      for (let i = 0; i < more; i++) {
        leaks.push({ kind, description: `${name} that was there before and is held now`, acquiredAt: undefined });
      }
    }
  }
  return leaks;
}

function countActive(): Map<string, number> {
  const counts = new Map<string, number>();
  for (const type of process.getActiveResourcesInfo()) {
    counts.set(type, (counts.get(type) ?? 0) + 1);
  }
  return counts;
}
