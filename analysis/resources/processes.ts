import type { MethodEffect, ResourceKind } from './resource-kind.js';

/** A child that somebody hears of at its end is not lost. */
const WAIT: MethodEffect = { when: { argument: 0, equals: ['exit', 'close'] }, effect: 'release', otherwise: 'self' };

/** A headless browser is a process of its own and outlives the script. Source: Puppeteer and Playwright documentation of `browser.close()`. */
export const browser: ResourceKind = {
  id: 'browser',
  label: 'browser',
  triggers: ['launch', 'puppeteer', 'playwright'],
  acquisitions: [
    {
      calls: [
        'puppeteer:launch', 'puppeteer:default.launch', 'puppeteer-core:launch', 'playwright:chromium.launch', 'playwright:firefox.launch', 'playwright:webkit.launch',
        'playwright-core:chromium.launch', 'playwright-core:firefox.launch', 'playwright-core:webkit.launch', '@playwright/test:chromium.launch',
      ],
      yields: 'promise',
    },
  ],
  methods: { close: 'release', disconnect: 'release', newPage: { part: 'page', isPromise: true }, newContext: { part: 'page', isPromise: true }, on: 'self', once: 'self' },
  // Pages and contexts end with the browser; closing one of them does not end it.
  parts: { page: { otherMethods: 'borrow' } },
  otherMethods: 'borrow',
  isDisposable: true,
  fields: 'owned',
  onImplicitException: 'certain',
};

/** A page or context of a browser that others use as well: it ends with its browser at the latest. */
export const page: ResourceKind = {
  id: 'page',
  label: 'page',
  triggers: ['newPage', 'newContext', 'createBrowserContext'],
  acquisitions: [{ calls: ['.newPage', '.newContext', '.createBrowserContext'], yields: 'promise', isOfLongerLived: true, mayStay: true }],
  methods: { close: 'release', on: 'self', once: 'self' },
  otherMethods: 'borrow',
  isDisposable: true,
  onImplicitException: 'certain',
};

/** Source: Node's documentation of `worker_threads` and `child_process`. They end by themselves, hence only on a path that forgets what another does. */
export const worker: ResourceKind = {
  id: 'worker',
  label: 'worker',
  triggers: ['Worker'],
  acquisitions: [{ calls: ['worker_threads:Worker'], isConstructor: true, yields: 'value' }],
  methods: { terminate: 'release', postMessage: 'borrow', on: 'self', once: 'self', off: 'self', ref: 'borrow', unref: 'release' },
  isDisposable: true,
  isLongLived: true,
  fields: 'owned',
  onImplicitException: 'potential',
};

/**
 * A child that runs on when its parent has lost it. Whoever listens for its end waits for it, and a child that was meant
 * to outlive its parent is detached. Source: Node's documentation of `child_process`.
 */
export const childProcess: ResourceKind = {
  id: 'child-process',
  label: 'child process',
  triggers: ['spawn', 'fork'],
  acquisitions: [{ calls: ['child_process:spawn', 'child_process:fork', 'cross-spawn:default', 'cross-spawn:spawn'], unless: { property: 'detached', equals: [true] }, yields: 'value' }],
  methods: { kill: 'release', unref: 'release', disconnect: 'release', on: WAIT, once: WAIT, addListener: WAIT, off: 'self', send: 'borrow', ref: 'borrow' },
  properties: { stdin: 'stream', stdout: 'stream', stderr: 'stream' },
  parts: { stream: { isView: true, otherMethods: 'borrow' } },
  // Without a number it was not started.
  refinements: [{ property: 'pid', is: 'falsy' }, { property: 'killed', is: 'truthy' }],
  isDisposable: true,
  isLongLived: true,
  endsByItself: true,
  fields: 'owned',
  onImplicitException: 'certain',
};

export const server: ResourceKind = {
  id: 'server',
  label: 'server',
  triggers: ['createServer', 'createSecureServer'],
  acquisitions: [
    { calls: ['http:createServer', 'https:createServer', 'net:createServer', 'tls:createServer', 'http2:createServer', 'http2:createSecureServer'], yields: 'value' },
  ],
  methods: {
    close: 'release', closeAllConnections: 'release', destroy: 'release', unref: 'release',
    listen: 'self', on: 'self', once: 'self', off: 'self', address: 'borrow', setTimeout: 'self', ref: 'self',
  },
  borrowers: ['events:once'],
  isDisposable: true,
  isLongLived: true,
  fields: 'owned',
  onImplicitException: 'certain',
};

export const watcher: ResourceKind = {
  id: 'watcher',
  label: 'file watcher',
  triggers: ['watch'],
  acquisitions: [{ calls: ['fs:watch', 'chokidar:watch', 'chokidar:default.watch', '@parcel/watcher:subscribe'], yields: 'value' }],
  methods: { close: 'release', unsubscribe: 'release', unref: 'release', on: 'self', once: 'self', off: 'self', add: 'self', unwatch: 'self', getWatched: 'borrow' },
  isLongLived: true,
  fields: 'owned',
  onImplicitException: 'certain',
};

/** Source: Node's documentation of `readline`: the interface holds its input until `close()`. */
export const lineReader: ResourceKind = {
  id: 'line-reader',
  label: 'readline interface',
  triggers: ['createInterface'],
  acquisitions: [
    // What a child writes ends with the child, and the interface with it.
    { calls: ['readline:createInterface', 'readline:promises.createInterface', 'readline/promises:createInterface'], unless: { property: 'input', members: ['stdout', 'stderr'] }, yields: 'value' },
  ],
  methods: { close: 'release', on: 'self', once: 'self', question: 'borrow', prompt: 'borrow', write: 'borrow', setPrompt: 'borrow', pause: 'borrow', resume: 'borrow' },
  isDisposable: true,
  isLongLived: true,
  fields: 'owned',
  onImplicitException: 'certain',
};
