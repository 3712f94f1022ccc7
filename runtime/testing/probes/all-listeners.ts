import { EventEmitter, getEventListeners } from 'node:events';
import { captureAcquisition, type Acquisition } from '../acquisition.js';

/** Listeners that one place of the program put on one emitter or event target, and that are still there. */
export interface HeldListeners {
  description: string;
  acquiredAt: string | undefined;
  count: number;
}

interface Added {
  type: string | symbol;
  listener: unknown;
  acquisition: Acquisition;
}

type Target = EventEmitter | EventTarget;
type Add = (this: Target, type: string | symbol, listener: unknown, ...rest: unknown[]) => unknown;

const EMITTER_METHODS = ['on', 'addListener', 'once', 'prependListener', 'prependOnceListener'] as const;

/**
 * Watches every emitter and event target of the process, where `probeListeners` watches those that it is given. It costs
 * a stack for each listener that is added, and is meant for whole runs. What Node adds by itself does not count. Targets that are over, such as destroyed streams
 * and aborted signals, hold nobody any more and do not count; targets are not kept alive.
 */
export function probeAllListeners(): { held(): HeldListeners[]; stop(): void } {
  const added = new WeakMap<Target, Added[]>();
  const targets = new Set<WeakRef<Target>>();
  const gone = new FinalizationRegistry<WeakRef<Target>>((reference) => targets.delete(reference));
  let isInside = false;

  const note = (target: Target, type: string | symbol, listener: unknown, above: (...args: never[]) => unknown) => {
    let entries = added.get(target);
    if (entries === undefined) {
      entries = [];
      added.set(target, entries);
      const reference = new WeakRef(target);
      targets.add(reference);
      gone.register(target, reference);
    }
    entries.push({ type, listener, acquisition: captureAcquisition(above) });
  };
  const wrap = (original: Add): Add =>
    function added(this: Target, type, listener, ...rest) {
      // `once` calls `on`, and both are watched.
      const isOuter = !isInside;
      isInside = true;
      try {
        const result: unknown = Reflect.apply(original, this, [type, listener, ...rest]);
        if (isOuter) note(this, type, listener, added);
        return result;
      } finally {
        if (isOuter) isInside = false;
      }
    };
  const undo = [
    ...EMITTER_METHODS.map((name) => replace(EventEmitter.prototype, name, wrap)),
    replace(EventTarget.prototype, 'addEventListener', wrap),
  ];
  return {
    held: () => [...targets].flatMap((reference) => heldBy(reference.deref(), added)),
    stop: () => undo.forEach((step) => step()),
  };
}

function replace(holder: object, name: string, wrap: (original: Add) => Add): () => void {
  const methods = holder as Record<string, Add>;
  const original = methods[name]!;
  const wrapped = wrap(original);
  methods[name] = wrapped;
  return () => {
    // Somebody else may have patched on top of this.
    if (methods[name] === wrapped) methods[name] = original;
  };
}

function heldBy(target: Target | undefined, added: WeakMap<Target, Added[]>): HeldListeners[] {
  if (target === undefined || isOver(target)) return [];
  const present = new Map<string | symbol, unknown[]>();
  const sites = new Map<string, HeldListeners>();
  for (const { type, listener, acquisition } of added.get(target) ?? []) {
    const listeners = present.get(type) ?? listenersOf(target, type);
    present.set(type, listeners);
    const index = listeners.indexOf(listener);
    if (index === -1) continue;
    listeners.splice(index, 1);
    const acquiredAt = acquisition.isNodes || acquisition.isRunners || acquisition.isOwn ? undefined : acquisition.frames;
    if (acquiredAt === undefined) continue;
    const key = `${String(type)}\n${acquiredAt}`;
    const site = sites.get(key);
    if (site) site.count++;
    else sites.set(key, { description: `'${String(type)}' on ${nameOf(target)}`, acquiredAt, count: 1 });
  }
  return [...sites.values()];
}

function listenersOf(target: Target, type: string | symbol): unknown[] {
  return target instanceof EventTarget ? [...getEventListeners(target, String(type))] : [...target.listeners(type)];
}

/** Nothing more will happen to it. */
function isOver(target: Target): boolean {
  const { destroyed, aborted, listening, exitCode, signalCode } = target as unknown as Record<string, unknown>;
  if ((target as unknown) === process) return false;
  return destroyed === true || aborted === true || listening === false || typeof exitCode === 'number' || typeof signalCode === 'string';
}

function nameOf(target: Target): string {
  return (target as unknown) === process ? 'process' : (target.constructor?.name ?? 'an emitter');
}
