import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { fileURLToPath } from 'node:url';
import { captureAcquisition, type Acquisition } from './acquisition.js';

export interface FsListener {
  /** A descriptor was opened. */
  opened?(descriptor: number, path: string, acquisition: Acquisition): void;
  /** Something that was not there is about to be created at a path, or has been. */
  created?(path: string, acquisition: Acquisition): void;
}

type AnyFunction = (...args: unknown[]) => unknown;
type Functions = Record<string, AnyFunction | undefined>;

const listeners = new Set<FsListener>();
let restore: (() => void) | undefined;

/** The argument that names what a function creates; `result` when it makes the name up. */
const CREATORS: Record<string, number | 'result'> = {
  appendFile: 0,
  copyFile: 1,
  cp: 1,
  link: 1,
  mkdir: 0,
  mkdtemp: 'result',
  mkdtempDisposable: 'result',
  rename: 1,
  symlink: 1,
  writeFile: 0,
};

/**
 * Hears of files being opened and created through `node:fs` and `node:fs/promises`, however they were imported.
 * The functions are patched while somebody listens.
 * @returns stops listening
 */
export function listenToFs(listener: FsListener): () => void {
  listeners.add(listener);
  restore ??= patch();
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      restore?.();
      restore = undefined;
    }
  };
}

function patch(): () => void {
  const undo: (() => void)[] = [];
  const callbacks = fs as unknown as Functions;
  const promises = fs.promises as unknown as Functions;
  const replace = (holder: Functions, name: string, wrap: (original: AnyFunction) => AnyFunction) => {
    const original = holder[name];
    if (typeof original !== 'function') {
      return;
    }
    const wrapped = Object.defineProperties(wrap(original), Object.getOwnPropertyDescriptors(original));
    holder[name] = wrapped;
    undo.push(() => {
      // Somebody else may have patched on top of this.
      if (holder[name] === wrapped) {
        holder[name] = original;
      }
    });
  };
  replace(callbacks, 'openSync', (original) => synchronous(original, noteOpen));
  replace(callbacks, 'open', (original) => withCallback(original, noteOpen));
  replace(promises, 'open', (original) => withPromise(original, noteOpen));
  for (const [name, where] of Object.entries(CREATORS)) {
    const note = (args: unknown[], acquisition: Acquisition) => noteCreation(args, where, acquisition);
    replace(callbacks, `${name}Sync`, (original) => synchronous(original, note));
    replace(callbacks, name, (original) => withCallback(original, note));
    replace(promises, name, (original) => withPromise(original, note));
  }
  syncBuiltinESMExports();
  return () => {
    undo.reverse().forEach((step) => step());
    syncBuiltinESMExports();
  };
}

/** Looks at the arguments before the call, and may ask to see the result. */
type Note = (args: unknown[], acquisition: Acquisition) => ((result: unknown) => void) | undefined;

function synchronous(original: AnyFunction, note: Note): AnyFunction {
  return function (this: unknown, ...args) {
    const done = note(args, captureAcquisition());
    const result = Reflect.apply(original, this, args);
    done?.(result);
    return result;
  };
}

function withCallback(original: AnyFunction, note: Note): AnyFunction {
  return function (this: unknown, ...args) {
    const done = note(args, captureAcquisition());
    const callback = args.at(-1);
    if (done !== undefined && typeof callback === 'function') {
      args[args.length - 1] = function (this: unknown, error: unknown, result: unknown) {
        if (error == null) {
          done(result);
        }
        return Reflect.apply(callback as AnyFunction, this, [error, result]);
      };
    }
    return Reflect.apply(original, this, args);
  };
}

function withPromise(original: AnyFunction, note: Note): AnyFunction {
  return function (this: unknown, ...args) {
    const done = note(args, captureAcquisition());
    const result = Reflect.apply(original, this, args) as Promise<unknown>;
    if (done !== undefined) {
      result.then(done, () => undefined);
    }
    return result;
  };
}

function noteOpen(args: unknown[], acquisition: Acquisition): (result: unknown) => void {
  const path = asPath(args[0]) ?? '';
  if (isCreating(args[1]) && !exists(path)) {
    emitCreated(path, acquisition);
  }
  return (result) => {
    const descriptor = typeof result === 'number' ? result : (result as { fd?: number } | undefined)?.fd;
    if (descriptor !== undefined) {
      listeners.forEach((listener) => listener.opened?.(descriptor, path, acquisition));
    }
  };
}

function noteCreation(args: unknown[], where: number | 'result', acquisition: Acquisition): ((result: unknown) => void) | undefined {
  if (where !== 'result') {
    const path = asPath(args[where]);
    if (path !== undefined && !exists(path)) {
      emitCreated(path, acquisition);
    }
    return undefined;
  }
  return (result) => {
    const path = asPath(result) ?? asPath((result as { path?: unknown } | undefined)?.path);
    if (path !== undefined) {
      emitCreated(path, acquisition);
    }
  };
}

function emitCreated(path: string, acquisition: Acquisition): void {
  listeners.forEach((listener) => listener.created?.(path, acquisition));
}

function exists(path: string): boolean {
  return fs.lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

function isCreating(flags: unknown): boolean {
  return typeof flags === 'number' ? (flags & fs.constants.O_CREAT) !== 0 : typeof flags === 'string' && /^[wa]/.test(flags);
}

function asPath(value: unknown): string | undefined {
  if (typeof value === 'string') {
    return value;
  }
  if (Buffer.isBuffer(value)) {
    return value.toString();
  }
  return value instanceof URL && value.protocol === 'file:' ? fileURLToPath(value) : undefined;
}
