import type { MethodEffect, Part, ResourceKind } from './resource-kind.js';

/** Reading a body to its end consumes it, also when the read fails. Sources: Fetch Standard, undici, node-fetch, Node `stream`. */
const READS = {
  text: 'release', json: 'release', blob: 'release', arrayBuffer: 'release', formData: 'release', bytes: 'release', buffer: 'release',
  textConverted: 'release',
} as const satisfies Record<string, MethodEffect>;

/** What got's streams tell of the request, before any data. */
const NOTIFY = {
  when: { argument: 0, equals: ['request', 'response', 'redirect', 'retry', 'downloadProgress', 'uploadProgress'] },
  effect: 'notify',
  otherwise: 'release',
} as const satisfies MethodEffect;

/** A Node stream flows, and so ends, once somebody listens for data; other events tell about it only. */
const LISTEN = {
  when: { argument: 0, equals: ['end', 'error', 'close', 'aborted', 'timeout', 'finish', 'pause', 'resume'] },
  effect: 'self',
  otherwise: NOTIFY,
} as const satisfies MethodEffect;

const STREAM = {
  destroy: 'release', resume: 'release', pipe: 'release', pipeTo: 'release', pipeThrough: { part: 'body' }, cancel: 'release', dump: 'release', tee: 'release',
  on: LISTEN, once: LISTEN, addListener: LISTEN,
  off: 'self', removeListener: 'self', removeAllListeners: 'self', setEncoding: 'self', pause: 'borrow', setTimeout: 'borrow', setMaxListeners: 'borrow',
  getReader: { part: 'reader' }, clone: 'borrow',
} as const satisfies Record<string, MethodEffect>;

const BODY: Part = { methods: { ...READS, ...STREAM }, isNullable: true, isIterable: true };

/**
 * The body of an HTTP response: its connection stays taken until the body is read to the end, cancelled or destroyed.
 * Source: measured (an unread body over about 64 KiB holds its socket on Node 20 to 26), undici's documentation on
 * "Garbage Collection", Node's `http.ClientRequest` on `'response'`.
 */
export const responseBody: ResourceKind = {
  id: 'response-body',
  label: 'response body',
  triggers: ['fetch', 'Fetch', 'undici', 'axios', "'got'", '"got"', "'ky'", '"ky"', 'node:http', "'http", '"http', 'responseType', '.clone()'],
  acquisitions: [
    {
      calls: [
        'global:fetch', 'undici:fetch', 'undici:request', 'undici:stream', 'node-fetch:default', 'cross-fetch:default', 'cross-fetch:fetch', 'isomorphic-fetch:default',
        'node-fetch-native:default', 'node-fetch-native:fetch', 'minipass-fetch:default', 'make-fetch-happen:default', 'electron:net.fetch', 'undici:Client.prototype.request', 'undici:Pool.prototype.request', 'undici:Agent.prototype.request', 'undici:BalancedPool.prototype.request',
        'undici:ProxyAgent.prototype.request',
        'ky:default', 'ky:get', 'ky:post', 'ky:put', 'ky:patch', 'ky:delete',
      ],
      unless: { property: 'method', equals: ['HEAD', 'head'] },
      yields: 'promise',
    },
    {
      calls: ['axios:default', 'axios:get', 'axios:post', 'axios:put', 'axios:patch', 'axios:delete', 'axios:request', '*'],
      only: { property: 'responseType', equals: ['stream'] },
      unless: { property: 'method', equals: ['HEAD', 'head'] },
      yields: 'promise',
    },
    { calls: ['got:stream', 'got:stream.get', 'got:stream.post'], yields: 'value' },
    {
      calls: ['http:get', 'https:get', 'http:request', 'https:request', 'follow-redirects:http.get', 'follow-redirects:https.get', 'follow-redirects:http.request', 'follow-redirects:https.request'],
      // No exception for HEAD: measured, an IncomingMessage without a body holds its socket until it is resumed, too.
      yields: 'callback',
      parameter: 0,
    },
    {
      calls: ['http:request().on', 'https:request().on', 'http:request().once', 'https:request().once', 'http:get().on', 'https:get().on', 'http:get().once', 'https:get().once'],
      only: { argument: 0, equals: ['response'] },
      yields: 'callback',
      parameter: 0,
    },
    // const [res] = await once(req, 'response');
    { calls: ['events:once'], only: { argument: 1, equals: ['response'] }, yields: 'promise', member: '0' },
    {
      // A status that is an error rejects, and the error brings the response.
      calls: ['axios:default', 'axios:get', 'axios:post', 'axios:put', 'axios:patch', 'axios:delete', 'axios:request', 'axios:create()', 'axios:create().get', 'axios:create().post', 'axios:create().request'],
      only: { property: 'responseType', equals: ['stream'] },
      unless: { property: 'validateStatus' },
      yields: 'rejection',
      member: 'error',
    },
    { derivedBy: ['clone'], yields: 'value' },
  ],
  methods: { ...READS, ...STREAM },
  properties: { body: 'body', data: 'body', response: 'body', webSocket: 'socket', req: 'request', request: 'request' },
  parts: {
    body: BODY,
    reader: {
      methods: { cancel: 'release', read: { part: 'chunk', isPromise: true }, releaseLock: 'borrow' },
      properties: { closed: 'view' },
    },
    chunk: { isView: true, properties: { done: 'done', value: 'view' }, otherMethods: 'borrow' },
    done: { isView: true, releasedWhen: 'truthy' },
    view: { isView: true, otherMethods: 'borrow' },
    // Of Cloudflare's fetch: the answer to an upgrade has no body, the socket is what is owned.
    socket: { isNullable: true, otherMethods: 'unknown' },
    error: { properties: { response: 'resource' } },
    request: { methods: { abort: 'release', destroy: 'release' }, otherMethods: 'borrow' },
  },
  refinements: [
    { property: 'status', equals: [101, 204, 205, 304] },
    { property: 'statusCode', equals: [101, 204, 205, 304] },
    // Of an error: nobody answered.
    { property: 'code', equals: ['ECONNABORTED', 'ECONNREFUSED', 'ECONNRESET', 'EAI_AGAIN', 'ENOTFOUND', 'ERR_CANCELED', 'ERR_NETWORK', 'ETIMEDOUT'] },
    { property: 'bodyUsed', is: 'truthy' },
    { property: 'destroyed', is: 'truthy' },
    { property: 'readableEnded', is: 'truthy' },
    { property: 'type', equals: ['opaque', 'error', 'opaqueredirect'] },
  ],
  types: [{ name: 'Response', members: ['arrayBuffer', 'bodyUsed', 'status'] }],
  borrowers: ['axios:isAxiosError', 'axios:default.isAxiosError', '*:isAxiosError'],
  harmlessWords: ['HEAD'],
  isFollowedInLists: true,
  isEndedBySignal: true,
  isDisposable: true,
  onImplicitException: 'potential',
  isBrowserHarmless: true,
  evidence: { strong: ['ok', 'bodyUsed', 'arrayBuffer', 'statusText', 'formData'], weak: ['status', 'headers', 'json', 'text', 'body', 'blob', 'clone'] },
};
