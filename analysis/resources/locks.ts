import type { ResourceKind } from './resource-kind.js';

/** A lock whose acquisition returns the function that releases it. Source: documentation of async-mutex, proper-lockfile, await-lock. */
export const lockFunction: ResourceKind = {
  id: 'lock',
  label: 'lock',
  triggers: ['acquire', 'lock'],
  acquisitions: [
    { calls: ['async-mutex:Mutex.prototype.acquire', 'proper-lockfile:lock', 'lockfile:lock', 'mutexify:default()'], yields: 'promise' },
    { calls: ['proper-lockfile:lockSync'], yields: 'value' },
  ],
  isReleasedByCall: true,
  typeOf: 'function',
  onImplicitException: 'certain',
};

/** A semaphore counts: what is acquired has to be released through the same object. */
export const disposableStack: ResourceKind = {
  id: 'disposable-stack',
  label: 'disposable stack',
  triggers: ['DisposableStack'],
  acquisitions: [{ calls: ['global:DisposableStack', 'global:AsyncDisposableStack'], isConstructor: true, yields: 'value' }],
  methods: { dispose: 'release', disposeAsync: 'release', move: 'release', use: 'borrow', adopt: 'borrow', defer: 'borrow' },
  isDisposable: true,
  onImplicitException: 'certain',
};
