import type { MethodEffect, ResourceKind } from './resource-kind.js';

/** What disposable types call the method that does the same as `Symbol.dispose`. */
const ENDINGS = [
  'dispose', 'disposeAsync', 'asyncDispose', 'close', 'closeAsync', 'end', 'destroy', 'release', 'stop', 'terminate', 'shutdown', 'disconnect', 'cleanup', 'cleanUp', 'cancel', 'abort', 'kill',
  'quit', 'free', 'delete', 'remove', 'unsubscribe', 'detach', 'teardown', 'tearDown', 'unlock', 'finish', 'complete', 'unref', 'move', 'unregister', 'uninstall', 'reset', 'restore', 'drain',
];

/**
 * Whatever the types say is disposable. Source: the proposal for explicit resource management, `Disposable` and
 * `AsyncDisposable` of TypeScript's libraries.
 */
export const disposable: ResourceKind = {
  id: 'disposable',
  label: 'disposable',
  triggers: [],
  acquisitions: [],
  isAnyDisposable: true,
  methods: Object.fromEntries(ENDINGS.map((name): [string, MethodEffect] => [name, 'release'])),
  otherMethods: 'borrow',
  isDisposable: true,
  fields: 'owned',
  onImplicitException: 'potential',
};
