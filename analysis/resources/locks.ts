import type { ResourceKind } from './resource-kind.js';

/**
 * A lock whose acquisition gives the function that releases it. Several of these libraries can also release through the
 * object or the file's name, and a file that does so is the business of `semaphore`. Source: documentation of
 * async-mutex, await-semaphore, proper-lockfile, mutexify.
 */
export const lockFunction: ResourceKind = {
  id: 'lock',
  label: 'lock',
  triggers: ['acquire', 'lock', 'mutexify'],
  acquisitions: [
    {
      calls: ['async-mutex:Mutex.prototype.acquire', 'async-mutex:Semaphore.prototype.acquire', 'await-semaphore:Semaphore.prototype.acquire', 'await-semaphore:Mutex.prototype.acquire'],
      yields: 'promise',
      backedUpBy: ['.release'],
    },
    { calls: ['proper-lockfile:lock'], yields: 'promise', backedUpBy: ['proper-lockfile:unlock', 'proper-lockfile:unlockSync'] },
    { calls: ['proper-lockfile:lockSync'], yields: 'value', backedUpBy: ['proper-lockfile:unlock', 'proper-lockfile:unlockSync'] },
    { calls: ['mutexify/promise:default()'], yields: 'promise' },
  ],
  isReleasedByCall: true,
  // const [value, release] = await semaphore.acquire()
  properties: { 1: 'releaser' },
  parts: { releaser: { isReleaser: true } },
  typeOf: 'function',
  onImplicitException: 'certain',
};

/** A lock that expires by itself in the end; until then everybody else waits. Source: documentation of redlock. */
export const lease: ResourceKind = {
  id: 'lock-lease',
  label: 'lock',
  triggers: ['redlock'],
  acquisitions: [{ calls: ['redlock:prototype.acquire', 'redlock:prototype.lock', 'redlock:Redlock.prototype.acquire'], yields: 'promise' }],
  methods: { release: 'release', unlock: 'release', extend: 'self' },
  releasers: [{ calls: ['.release', '.unlock'], argument: 0 }],
  otherMethods: 'borrow',
  isDisposable: true,
  onImplicitException: 'certain',
};

/**
 * A semaphore counts: what is acquired has to be released through the same object, by whomever. Certain only where the
 * function itself releases on another path. Source: documentation of async-sema, async-mutex, await-lock, redis-semaphore.
 */
export const semaphore: ResourceKind = {
  id: 'semaphore',
  label: 'semaphore permit',
  triggers: ['acquire'],
  acquisitions: [
    {
      calls: [
        'async-sema:Sema.prototype.acquire', 'async-sema:prototype.acquire', 'async-mutex:Mutex.prototype.acquire', 'async-mutex:Semaphore.prototype.acquire',
        'await-lock:prototype.acquireAsync', 'redis-semaphore:Mutex.prototype.acquire', 'redis-semaphore:Semaphore.prototype.acquire',
        'semaphore-async-await:Semaphore.prototype.acquire', 'semaphore-async-await:Lock.prototype.acquire', 'semaphore-async-await:prototype.acquire',
      ],
      yields: 'receiver',
      isSharedReceiver: true,
    },
  ],
  methods: { release: 'release', signal: 'release' },
  otherMethods: 'borrow',
  onImplicitException: 'certain',
};

/** Source: the proposal for explicit resource management. */
export const disposableStack: ResourceKind = {
  id: 'disposable-stack',
  label: 'disposable stack',
  triggers: ['DisposableStack'],
  acquisitions: [{ calls: ['global:DisposableStack', 'global:AsyncDisposableStack'], isConstructor: true, yields: 'value' }],
  methods: { dispose: 'release', disposeAsync: 'release', move: 'release', use: 'borrow', adopt: 'borrow', defer: 'borrow' },
  isDisposable: true,
  onImplicitException: 'certain',
};
