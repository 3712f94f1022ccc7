import { EventEmitter, getEventListeners } from 'node:events';
import { captureAcquisition, captureAddedListener, type Acquisition } from '../acquisition.js';
import type { Leak } from '../leak.js';
import type { Probe } from './probe.js';

type Listener = (...args: unknown[]) => unknown;

/** Listeners on emitters and event targets that were not there before. */
export function probeListeners(targets: readonly (EventEmitter | EventTarget)[]): Probe {
  const probes = targets.map((target) => (isEmitter(target) ? probeEmitter(target) : probeTarget(target)));
  return {
    leaks: () => probes.flatMap((probe) => probe.leaks()),
    stop: () => probes.forEach((probe) => probe.stop()),
  };
}

function isEmitter(target: EventEmitter | EventTarget): target is EventEmitter {
  return typeof (target as EventEmitter).rawListeners === 'function';
}

function probeEmitter(emitter: EventEmitter): Probe {
  const before = new Map(emitter.eventNames().map((name) => [name, emitter.listeners(name) as Listener[]]));
  const acquisitions = new Map<unknown, Acquisition>();
  const onNewListener = (_name: string | symbol, listener: unknown) => void acquisitions.set(listener, captureAddedListener());
  emitter.on('newListener', onNewListener);
  return {
    leaks: () =>
      emitter.eventNames().flatMap((name) =>
        without(emitter.listeners(name) as Listener[], before.get(name) ?? [])
          .filter((listener) => (listener as unknown) !== onNewListener && acquisitions.get(listener)?.isRunners !== true)
          .map((listener) => leak(String(name), emitter, acquisitions.get(listener))),
      ),
    stop: () => void emitter.removeListener('newListener', onNewListener),
  };
}

/** An event target does not say for which events it has listeners, so the types are learned from `addEventListener`. */
function probeTarget(target: EventTarget): Probe {
  const before = new Map<string, Listener[]>([['abort', currentListeners(target, 'abort')]]);
  const acquisitions = new Map<unknown, Acquisition>();
  // eslint-disable-next-line @typescript-eslint/unbound-method -- called with the target it is called on
  const add = target.addEventListener;
  const patched: typeof add = function (this: EventTarget, type, listener, options) {
    if (this === target) {
      if (!before.has(type)) {
        before.set(type, currentListeners(target, type));
      }
      acquisitions.set(listener, captureAcquisition());
    }
    return Reflect.apply(add, this, [type, listener, options]);
  };
  Object.defineProperty(target, 'addEventListener', { value: patched, configurable: true, writable: true });
  return {
    leaks: () =>
      [...before].flatMap(([type, old]) =>
        without(currentListeners(target, type), old).map((listener) => leak(type, target, acquisitions.get(listener))),
      ),
    stop: () => void Reflect.deleteProperty(target, 'addEventListener'),
  };
}

function currentListeners(target: EventTarget, type: string): Listener[] {
  return getEventListeners(target, type) as Listener[];
}

/** The listeners that are there more often than before. */
function without(listeners: readonly Listener[], old: readonly Listener[]): Listener[] {
  const rest = [...old];
  return listeners.filter((listener) => {
    const index = rest.indexOf(listener);
    if (index === -1) {
      return true;
    }
    rest.splice(index, 1);
    return false;
  });
}

function leak(event: string, target: EventEmitter | EventTarget, acquisition: Acquisition | undefined): Leak {
  const name = (target as unknown) === process ? 'process' : (target.constructor?.name ?? 'an emitter');
  return { kind: 'listener', description: `'${event}' on ${name}`, acquiredAt: acquisition?.frames };
}
