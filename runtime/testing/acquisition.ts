import { createHook, executionAsyncId, type AsyncHook } from 'node:async_hooks';

/** Frames to keep: enough to get from a library to the code that called it. */
const STACK_DEPTH = 40;
/** Of the callbacks between, which are many. */
const ANCESTOR_DEPTH = 16;
const SHOWN_FRAMES = 8;
/** How many callbacks back an acquisition is followed to the code that began it. */
const ANCESTORS = 5;

/** Test runners and their transformers run timers, files and ports of their own beside the tests. */
const RUNNER = /[\\/]node_modules[\\/](?:@vitest|vitest|vite|vite-node|birpc|tinypool|tinyexec|jest|jest-[\w-]+|@jest|mocha|ava|tap|@tapjs|c8|nyc|tsx|ts-node|@swc-node|source-map-support)[\\/]|node:internal[\\/]test_runner|node:test/;
/** From a stack, since `import.meta.url` is no CommonJS, and since this is to be found in stacks. */
const OWN_FOLDER = /* @__PURE__ */ getFolder();

/** Where something was acquired. The text is made only when it is asked for, because most acquisitions are released. */
export interface Acquisition {
  /** As in `Leak.acquiredAt`. */
  readonly frames: string | undefined;
  /** Whether the code that acquired it is the test runner's and not that of the test. */
  readonly isRunners: boolean;
  /** Whether this package's own watching acquired it. */
  readonly isOwn: boolean;
  /** Whether Node itself did it, on behalf of whoever called it. */
  readonly isNodes: boolean;
  /** Whether a frame of this module of Node is on the stack. */
  passes(nodeModule: string): boolean;
}

/** Told of each new asynchronous resource, with its acquisition, while somebody watches. */
export interface AsyncWatcher {
  /** The types of `async_hooks` to be told of. */
  readonly types: ReadonlySet<string>;
  init(id: number, type: string, resource: object, acquisition: Acquisition): void;
  destroy(id: number): void;
}

const watchers = new Set<AsyncWatcher>();
/** By the number of the asynchronous resource whose callback may be running. */
const ancestors = new Map<number, CapturedStack>();
let hook: AsyncHook | undefined;

/**
 * Watches asynchronous resources. While somebody does, stacks go on behind the callbacks in which Node does the work
 * later: a file stream opens its file only in the next tick.
 * @returns stops watching
 */
export function watchAsync(watcher: AsyncWatcher): () => void {
  watchers.add(watcher);
  hook ??= createHook({ init, destroy }).enable();
  return () => {
    watchers.delete(watcher);
    if (watchers.size === 0) {
      hook?.disable();
      hook = undefined;
      ancestors.clear();
    }
  };
}

/** Callbacks in which Node goes on with what the program began. Promises are not among them: V8 itself follows these. */
const CALLBACKS: ReadonlySet<string> = new Set(['TickObject', 'Immediate', 'FSREQCALLBACK', 'GETADDRINFOREQWRAP', 'TCPCONNECTWRAP', 'PIPECONNECTWRAP']);

function init(id: number, type: string, _trigger: number, resource: object): void {
  const isCallback = CALLBACKS.has(type);
  const isWatched = [...watchers].some((each) => each.types.has(type));
  if (isCallback || isWatched) {
    const acquisition = captureAcquisition(init, isWatched ? STACK_DEPTH : ANCESTOR_DEPTH);
    ancestors.set(id, acquisition);
    watchers.forEach((each) => each.types.has(type) && each.init(id, type, resource, acquisition));
  }
}

function destroy(id: number): void {
  ancestors.delete(id);
  watchers.forEach((each) => each.destroy(id));
}

/**
 * The present stack, and those of the callbacks that led here.
 * @param above the function that asks: it and what it called are left out
 */
export function captureAcquisition(above: (...args: never[]) => unknown = captureAcquisition, depth: number = STACK_DEPTH): CapturedStack {
  const holder: StackHolder = {};
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = depth;
  Error.captureStackTrace(holder, above);
  Error.stackTraceLimit = limit;
  return new CapturedStack(holder, ancestors.get(executionAsyncId()));
}

/** As {@link captureAcquisition}, in a `newListener` handler: from the call that adds the listener on. */
export function captureAddedListener(): Acquisition {
  const acquisition = captureAcquisition(captureAddedListener);
  acquisition.dropCallsOf('node:events');
  return acquisition;
}

interface StackHolder {
  stack?: unknown;
  lines?: string[];
}

class CapturedStack implements Acquisition {
  /** The stack itself, then those of the callbacks before it. */
  readonly #holders: readonly StackHolder[];

  constructor(holder: StackHolder, parent: CapturedStack | undefined) {
    this.#holders = parent === undefined ? [holder] : [holder, ...parent.#holders.slice(0, ANCESTORS)];
  }

  /** Leaves out the first frames of a module of Node and what is above them: test runners patch what it calls. */
  dropCallsOf(nodeModule: string): void {
    const [holder] = this.#holders;
    const lines = linesOf(holder);
    const isCall = (line: string) => line.includes(`(${nodeModule}:`);
    const start = lines.findIndex((line) => isCall(line) && /addListener/.test(line));
    const length = lines.slice(start).findIndex((line) => !isCall(line));
    if (holder !== undefined && start !== -1 && length !== -1) {
      holder.lines = lines.slice(start + length);
    }
  }

  get frames(): string | undefined {
    const frames = this.#foreignFrames();
    // Of a library only the function that was called is of interest.
    const firstOwn = frames.findIndex((line) => !/[\\/]node_modules[\\/]/.test(line));
    const shown = firstOwn > 1 ? frames.slice(firstOwn - 1) : frames;
    const runner = shown.findIndex((line, index) => index > 0 && RUNNER.test(line));
    return shown.length === 0 ? undefined : shown.slice(0, Math.min(SHOWN_FRAMES, runner === -1 ? SHOWN_FRAMES : runner)).join('\n');
  }

  get isRunners(): boolean {
    const first = this.#foreignFrames()[0];
    return first === undefined ? linesOf(this.#holders[0]).some((line) => RUNNER.test(line)) : RUNNER.test(first);
  }

  get isOwn(): boolean {
    const first = linesOf(this.#holders[0]).find((line) => !isNodes(line));
    return first !== undefined && isOwnFrame(first);
  }

  get isNodes(): boolean {
    const [first] = linesOf(this.#holders[0]);
    return first === undefined || isNodes(first);
  }

  passes(nodeModule: string): boolean {
    return linesOf(this.#holders[0]).some((line) => line.includes(`(${nodeModule}:`) || line.includes(` ${nodeModule}:`));
  }

  /** Frames of the program and its libraries, from the latest callback that has any. */
  #foreignFrames(): string[] {
    for (const holder of this.#holders) {
      const frames = linesOf(holder).filter((line) => !isNodes(line) && !isOwnFrame(line));
      if (frames.length > 0) {
        return frames;
      }
    }
    return [];
  }
}

function linesOf(holder: StackHolder | undefined): string[] {
  if (holder === undefined) {
    return [];
  }
  return (holder.lines ??= String(holder.stack)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line.startsWith('at ')));
}

function getFolder(): string {
  const file = /^at (?:\S+ \()?(.+):\d+:\d+\)?$/.exec(linesOf({ stack: new Error().stack })[0] ?? '')?.[1];
  return file?.replace(/[^\\/]*$/, '') ?? 'no folder';
}

function isNodes(line: string): boolean {
  return /[( ]node:/.test(line) || line.includes('(<anonymous>)');
}

function isOwnFrame(line: string): boolean {
  return line.includes(OWN_FOLDER);
}
