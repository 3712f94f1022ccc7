import { beforeAll, describe, expect, it } from 'vitest';
import { threadSignals } from '../../../codemods/thread-signals/thread-signals.js';
import { lint, parse } from '../support/thread-input.js';

interface Case {
  readonly files: Readonly<Record<string, string>>;
  /** The files that change. */
  readonly after?: Readonly<Record<string, string>>;
  /** Calls with what became of them; the changed ones aside when left out. */
  readonly left?: Readonly<Record<string, string>>;
}

const BOTTOM = `export async function get(url: string) {\n  return fetch(url);\n}\n`;
const BOTTOM_AFTER = `export async function get(url: string, options: { signal?: AbortSignal } = {}) {\n  return fetch(url, { signal: options.signal });\n}\n`;
const TOP = `import { get } from './get.js';\nexport async function top(signal: AbortSignal) {\n  return await get('/a');\n}\n`;
const TOP_AFTER = TOP.replace(`get('/a')`, `get('/a', { signal })`);

const CASES: Record<string, Case> = {
  'a function between two files': {
    files: { 'get.ts': BOTTOM, 'top.ts': TOP },
    after: { 'get.ts': BOTTOM_AFTER, 'top.ts': TOP_AFTER },
  },
  'nobody above has a signal': {
    files: { 'get.ts': BOTTOM, 'top.ts': TOP.replace('signal: AbortSignal', '') },
  },
  'a signal in another function than the caller': {
    files: { 'get.ts': BOTTOM, 'top.ts': `${TOP.replace('signal: AbortSignal', '')}export async function other(signal: AbortSignal) {\n  return await fetch('/b', { signal });\n}\n` },
  },
  'work that a class starts once for all its callers': {
    files: {
      'get.ts': BOTTOM,
      'top.ts': `import { get } from './get.js';\nexport class Client {\n  static ready: Promise<Client> | undefined;\n  static getReady(): Promise<Client> {\n    if (!Client.ready) {\n      Client.ready = (async () => {\n        await get('/a');\n        return new Client();\n      })();\n    }\n    return Client.ready;\n  }\n}\nexport async function top(signal: AbortSignal) {\n  return await Client.getReady();\n}\n`,
    },
  },
  'line ends of Windows, and an arrow with a bare parameter': {
    files: { 'get.js': `export const get = url => {\r\n  return fetch(url);\r\n};\r\n`, 'top.ts': TOP },
    after: { 'get.js': `export const get = (url, options = {}) => {\r\n  return fetch(url, { signal: options.signal });\r\n};\r\n`, 'top.ts': TOP_AFTER },
  },
  'no parameter at all': {
    files: { 'a.ts': `async function get() {\n  return fetch('/a');\n}\nexport async function top(signal: AbortSignal) {\n  return await get();\n}\n` },
    after: { 'a.ts': `async function get(options: { signal?: AbortSignal } = {}) {\n  return fetch('/a', { signal: options.signal });\n}\nexport async function top(signal: AbortSignal) {\n  return await get({ signal });\n}\n` },
  },
  'a default export and another name for it': {
    files: {
      'get.ts': BOTTOM.replace('export async function', 'export default async function'),
      'top.ts': `import load from './get.js';\nconst fetchOne = load;\nexport async function top(signal: AbortSignal) {\n  return await fetchOne('/a');\n}\n`,
    },
    after: {
      'get.ts': BOTTOM_AFTER.replace('export async function', 'export default async function'),
      'top.ts': `import load from './get.js';\nconst fetchOne = load;\nexport async function top(signal: AbortSignal) {\n  return await fetchOne('/a', { signal });\n}\n`,
    },
  },
  'CommonJS': {
    files: {
      'get.js': `async function get(url) {\n  return fetch(url);\n}\nmodule.exports = { get };\n`,
      'top.js': `const { get } = require('./get.js');\nmodule.exports.top = async function (options) {\n  options.signal.throwIfAborted();\n  return await get('/a');\n};\n`,
    },
    after: {
      'get.js': `async function get(url, options = {}) {\n  return fetch(url, { signal: options.signal });\n}\nmodule.exports = { get };\n`,
      'top.js': `const { get } = require('./get.js');\nmodule.exports.top = async function (options) {\n  options.signal.throwIfAborted();\n  return await get('/a', { signal: options.signal });\n};\n`,
    },
  },
  'methods, private ones, and what a class inherits': {
    files: {
      'a.ts': `class Base {\n  async load(url: string) {\n    return this.#send(url);\n  }\n  async #send(url: string) {\n    return fetch(url);\n  }\n}\nexport class Api extends Base {\n  override async load(url: string) {\n    return super.load(url + '?');\n  }\n  send = async (url: string) => {\n    return await this.load(url);\n  };\n}\nexport async function top(api: Api, signal: AbortSignal) {\n  return await api.send('/a');\n}\n`,
    },
    after: {
      'a.ts': `class Base {\n  async load(url: string, options: { signal?: AbortSignal } = {}) {\n    return this.#send(url, options);\n  }\n  async #send(url: string, options: { signal?: AbortSignal } = {}) {\n    return fetch(url, { signal: options.signal });\n  }\n}\nexport class Api extends Base {\n  override async load(url: string, options: { signal?: AbortSignal } = {}) {\n    return super.load(url + '?', options);\n  }\n  send = async (url: string, options: { signal?: AbortSignal } = {}) => {\n    return await this.load(url, options);\n  };\n}\nexport async function top(api: Api, signal: AbortSignal) {\n  return await api.send('/a', { signal });\n}\n`,
    },
  },
  'options that are there already, handed on as they are': {
    files: {
      'a.ts': `interface GetOptions { retries?: number }\nasync function get(url: string, { retries = 0 }: GetOptions = {}) {\n  return fetch(url + retries);\n}\nasync function twice(url: string, options?: GetOptions) {\n  await get(url, options);\n  return get(url, { ...options, retries: 1 });\n}\nexport async function top(signal: AbortSignal, defaults: GetOptions) {\n  await twice('/b', defaults);\n  return await twice('/a', { retries: 2 });\n}\n`,
    },
    after: {
      'a.ts': `interface GetOptions { retries?: number; signal?: AbortSignal }\nasync function get(url: string, { retries = 0, signal }: GetOptions = {}) {\n  return fetch(url + retries, { signal });\n}\nasync function twice(url: string, options?: GetOptions) {\n  await get(url, options);\n  return get(url, { ...options, retries: 1 });\n}\nexport async function top(signal: AbortSignal, defaults: GetOptions) {\n  await twice('/b', { ...defaults, signal });\n  return await twice('/a', { retries: 2, signal });\n}\n`,
    },
  },
  'an options type that another function has, which is not on the way and has a request of its own': {
    files: {
      'a.ts': `export interface GetOptions { retries?: number }\nasync function get(url: string, options: GetOptions) {\n  return fetch(url + options.retries);\n}\nexport async function alone(url: string, options: GetOptions) {\n  return fetch(url + options.retries);\n}\nexport async function top(signal: AbortSignal) {\n  return await get('/a', {});\n}\n`,
    },
    after: {
      'a.ts': `export interface GetOptions { retries?: number }\nasync function get(url: string, options: GetOptions & { signal?: AbortSignal }) {\n  return fetch(url + options.retries, { signal: options.signal });\n}\nexport async function alone(url: string, options: GetOptions) {\n  return fetch(url + options.retries);\n}\nexport async function top(signal: AbortSignal) {\n  return await get('/a', { signal });\n}\n`,
    },
  },
  'options that end up in the request get no property': {
    files: {
      'a.ts': `async function get(url: string, options: { page?: number }) {\n  return fetch(url, { method: 'POST', body: JSON.stringify(options) });\n}\nexport async function top(signal: AbortSignal) {\n  return await get('/a', { page: 1 });\n}\n`,
    },
    after: {
      'a.ts': `async function get(url: string, options: { page?: number }, { signal }: { signal?: AbortSignal } = {}) {\n  return fetch(url, { method: 'POST', body: JSON.stringify(options), signal });\n}\nexport async function top(signal: AbortSignal) {\n  return await get('/a', { page: 1 }, { signal });\n}\n`,
    },
  },
  'a time limit of its own is joined': {
    files: {
      'a.ts': `async function get(url: string) {\n  await fetch(url);\n  return fetch(url, { signal: AbortSignal.timeout(1000) });\n}\nexport async function top(signal: AbortSignal) {\n  return await get('/a');\n}\n`,
    },
    after: {
      'a.ts': `async function get(url: string, options: { signal?: AbortSignal } = {}) {\n  await fetch(url, { signal: options.signal });\n  return fetch(url, { signal: AbortSignal.any([AbortSignal.timeout(1000), ...(options.signal ? [options.signal] : [])]) });\n}\nexport async function top(signal: AbortSignal) {\n  return await get('/a', { signal });\n}\n`,
    },
  },
  'a function that takes a signal already, below one that takes none': {
    files: {
      'get.ts': `export async function get(url: string, init: { signal?: AbortSignal } = {}) {\n  return fetch(url, { signal: init.signal });\n}\n`,
      'a.ts': `import { get } from './get.js';\nasync function load(id: string) {\n  return await get('/' + id);\n}\nexport async function top(signal: AbortSignal) {\n  return await load('a');\n}\n`,
    },
    after: {
      'a.ts': `import { get } from './get.js';\nasync function load(id: string, options: { signal?: AbortSignal } = {}) {\n  return await get('/' + id, { signal: options.signal });\n}\nexport async function top(signal: AbortSignal) {\n  return await load('a', { signal });\n}\n`,
    },
  },
  'handed over where its type says that it gets no more': {
    files: {
      'a.ts': `async function get(url: string) {\n  return fetch(url);\n}\ndeclare function later(run: (url: string) => Promise<Response>): void;\nexport async function top(signal: AbortSignal) {\n  later(get);\n  return await get('/a');\n}\n`,
    },
    after: {
      'a.ts': `async function get(url: string, options: { signal?: AbortSignal } = {}) {\n  return fetch(url, { signal: options.signal });\n}\ndeclare function later(run: (url: string) => Promise<Response>): void;\nexport async function top(signal: AbortSignal) {\n  later(get);\n  return await get('/a', { signal });\n}\n`,
    },
  },
  'handed over to `map`': {
    files: { 'a.ts': `async function get(url: string) {\n  return fetch(url);\n}\nexport async function top(signal: AbortSignal, urls: string[]) {\n  await Promise.all(urls.map(get));\n  return await get('/a');\n}\n` },
    left: { get: 'would-change-behaviour: `get` is handed over as a value in a.ts:5' },
  },
  'a function above one that stops the signal gets none': {
    files: {
      'a.ts': `async function get(...urls: string[]) {\n  return fetch('/' + urls.join());\n}\nasync function load(id: string) {\n  return await get(id);\n}\nexport async function top(signal: AbortSignal) {\n  return await load('a');\n}\n`,
    },
    left: { get: 'would-change-behaviour: `get` takes any number of arguments' },
  },
  'rest parameters': {
    files: { 'a.ts': `async function get(...urls: string[]) {\n  return fetch('/' + urls.join());\n}\nexport async function top(signal: AbortSignal) {\n  return await get('/a');\n}\n` },
    left: { get: 'would-change-behaviour: `get` takes any number of arguments' },
  },
  arguments: {
    files: { 'a.ts': `async function get(url: string) {\n  return fetch(url + arguments.length);\n}\nexport async function top(signal: AbortSignal) {\n  return await get('/a');\n}\n` },
    left: { get: 'would-change-behaviour: `get` reads `arguments`' },
  },
  'a length that is read': {
    files: { 'a.ts': `async function get(url: string) {\n  return fetch(url);\n}\nexport const arity = get.length;\nexport async function top(signal: AbortSignal) {\n  return await get('/a');\n}\n` },
    left: { get: 'would-change-behaviour: `get` has its `length` read in a.ts:4' },
  },
  'a method that a library calls': {
    files: {
      'a.ts': `export class Source implements AsyncIterator<Response> {\n  async next(): Promise<IteratorResult<Response>> {\n    return { value: await fetch('/a'), done: false };\n  }\n}\nexport async function top(source: Source, signal: AbortSignal) {\n  return await source.next();\n}\n`,
    },
    left: { 'source.next': 'unsupported-shape: `next` is declared by code that is not of this project' },
  },
  'a function with a type of its own': {
    files: { 'a.ts': `type Get = (url: string) => Promise<Response>;\nconst get: Get = async (url) => fetch(url);\nexport async function top(signal: AbortSignal) {\n  return await get('/a');\n}\n` },
    left: { get: 'unsupported-shape: `get` has a type that is declared elsewhere' },
  },
  'both names are taken': {
    files: { 'a.ts': `async function get(url: string) {\n  const options = {}, signal = 1;\n  return fetch(url, { headers: { x: String(signal), ...options } });\n}\nexport async function top(signal: AbortSignal) {\n  return await get('/a');\n}\n` },
    left: { get: 'name-taken: `options` and `signal` have other meanings in `get`' },
  },
  'implementations with other numbers of parameters': {
    files: {
      'a.ts': `interface Api { get(url: string): Promise<unknown> }\nclass Remote implements Api {\n  async get(url: string, retries = 0) {\n    return fetch(url + retries);\n  }\n}\nexport async function top(signal: AbortSignal, api: Api = new Remote()) {\n  return await api.get('/a');\n}\n`,
    },
    left: { 'api.get': 'unsupported-shape: the declarations of `get` differ in their parameters' },
  },
  'work that must not end with its caller': {
    files: {
      'a.ts': `async function get(url: string) {\n  return fetch(url);\n}\nconst cache = new Map<string, Promise<Response>>();\nexport async function top(signal: AbortSignal) {\n  get('/a').catch(() => {});\n  const pending = get('/b');\n  cache.set('/b', pending);\n  try {\n    await pending;\n  } finally {\n    await get('/c');\n  }\n  setTimeout(() => get('/d'), 10);\n}\nexport async function close(signal: AbortSignal) {\n  await get('/e');\n}\n`,
    },
  },
  'a controller for something else': {
    files: {
      'a.ts': `async function get(url: string) {\n  return fetch(url);\n}\nexport async function top() {\n  const controller = new AbortController();\n  const timer = setTimeout(() => controller.abort(), 1000);\n  try {\n    await get('/a');\n    return await fetch('/b', { signal: controller.signal });\n  } finally {\n    clearTimeout(timer);\n  }\n}\n`,
    },
  },
};

interface Outcome {
  readonly changed: Record<string, string>;
  readonly left: Record<string, string>;
}

/** All cases at once, each in a folder of its own: most of the time goes into loading the types of the platform. */
async function runAll(): Promise<Record<string, Outcome>> {
  const names = Object.keys(CASES);
  const texts = new Map(names.flatMap((name, index) => Object.entries(CASES[name]!.files).map(([file, text]) => [`/cases/${index}/${file}`, text] as const)));
  const { texts: after, sites } = await threadSignals({ config: undefined, texts, parse, lint, findRefusal: () => undefined, isTest: () => false });
  return Object.fromEntries(
    names.map((name, index) => {
      const root = `/cases/${index}/`;
      const changed = Object.fromEntries([...after].filter(([path]) => path.startsWith(root)).map(([path, text]) => [path.slice(root.length), text]));
      const left = sites.filter(({ path, block }) => path.startsWith(root) && block).map(({ call, block }) => [call, `${block!.isFailure ? 'failed' : block!.reason}: ${block!.detail}`] as const);
      return [name, { changed, left: Object.fromEntries(left) }];
    }),
  );
}

describe('threading', () => {
  let outcomes: Record<string, Outcome>;
  beforeAll(async () => {
    outcomes = await runAll();
  }, 120_000);

  it.each(Object.keys(CASES))('%s', (name) => {
    expect(outcomes[name]).toEqual({ changed: CASES[name]!.after ?? {}, left: CASES[name]!.left ?? {} });
  });
});
