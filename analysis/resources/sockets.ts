import type { ResourceKind } from './resource-kind.js';

/** A connection to another machine. It ends when either side closes it. Source: Node's documentation of `net`, `tls`, `dgram` and `http2`, that of ws. */
export const socket: ResourceKind = {
  id: 'socket',
  label: 'socket',
  triggers: ['connect', 'createConnection', 'createSocket', 'WebSocket'],
  acquisitions: [
    { calls: ['net:connect', 'net:createConnection', 'tls:connect', 'http2:connect', 'dgram:createSocket'], yields: 'value' },
    { calls: ['ws:default', 'ws:WebSocket'], isConstructor: true, yields: 'value' },
  ],
  methods: {
    end: 'release', destroy: 'release', destroySoon: 'release', close: 'release', terminate: 'release', resetAndDestroy: 'release', unref: 'release',
    on: 'self', once: 'self', addListener: 'self', off: 'self', removeListener: 'self', setTimeout: 'self', setNoDelay: 'self', setKeepAlive: 'self', setEncoding: 'self',
  },
  borrowers: ['events:once'],
  otherMethods: 'borrow',
  isDisposable: true,
  isLongLived: true,
  fields: 'owned',
  onImplicitException: 'certain',
};
