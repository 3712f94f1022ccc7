import type { MethodEffect, ResourceKind } from './resource-kind.js';

/** `fs.promises.open`: left to the collector it only warns on Node 20 to 24 and ends the process from Node 25 on. Source: Node's documentation of `FileHandle`. */
export const fileHandle: ResourceKind = {
  id: 'file-handle',
  label: 'file handle',
  triggers: ['open'],
  acquisitions: [{ calls: ['fs:promises.open', 'fs-extra:promises.open'], yields: 'promise' }],
  methods: {
    close: 'release',
    // The stream closes the handle at its end.
    createReadStream: 'release', createWriteStream: 'release', readableWebStream: 'release', readLines: 'release',
  },
  properties: { fd: 'descriptor' },
  parts: { descriptor: { isView: true, otherMethods: 'borrow' } },
  otherMethods: 'borrow',
  isDisposable: true,
  fields: 'owned',
  onImplicitException: 'certain',
};

/** A number that the system takes back only at the end of the process. Source: Node's documentation of `fs.open`. */
export const fileDescriptor: ResourceKind = {
  id: 'file-descriptor',
  label: 'file descriptor',
  triggers: ['openSync', '.open('],
  acquisitions: [
    { calls: ['fs:openSync', 'fs-extra:openSync', 'graceful-fs:openSync'], yields: 'value' },
    { calls: ['fs:open', 'graceful-fs:open', 'fs-extra:open'], yields: 'callback', parameter: 1, errorParameter: 0 },
  ],
  releasers: [{ calls: ['fs:closeSync', 'fs:close', 'fs-extra:closeSync', 'fs-extra:close', 'graceful-fs:closeSync', 'graceful-fs:close'], argument: 0 }],
  borrowers: [
    'fs:readSync', 'fs:writeSync', 'fs:fstatSync', 'fs:ftruncateSync', 'fs:fsyncSync', 'fs:fdatasyncSync', 'fs:readFileSync', 'fs:writeFileSync',
    'fs:appendFileSync', 'fs:futimesSync', 'fs:fchmodSync', 'fs:fchownSync', 'graceful-fs:readSync', 'graceful-fs:writeSync', 'graceful-fs:fstatSync',
  ],
  otherMethods: 'borrow',
  typeOf: 'number',
  fields: 'owned',
  onImplicitException: 'certain',
};

/** Comes soon after the making: `stream.on('open', () => archive.pipe(stream))`. */
const OPENED: MethodEffect = { when: { argument: 0, equals: ['open', 'ready'] }, effect: 'notify', otherwise: 'self' };

/** A stream flows, and so ends, once somebody listens or pipes; the descriptor it opened is closed at its end. */
const LISTEN: MethodEffect = {
  when: { argument: 0, equals: ['end', 'error', 'close', 'open', 'ready', 'finish', 'drain'] },
  effect: OPENED,
  otherwise: 'release',
};

/** Source: Node's documentation of `fs.createReadStream` (`autoClose`). */
export const fileReadStream: ResourceKind = {
  id: 'file-read-stream',
  label: 'read stream',
  triggers: ['createReadStream'],
  acquisitions: [{ calls: ['fs:createReadStream', 'fs-extra:createReadStream', 'graceful-fs:createReadStream'], yields: 'value' }],
  methods: {
    destroy: 'release', close: 'release', resume: 'release', pipe: 'release', on: LISTEN, once: LISTEN, addListener: LISTEN, setEncoding: 'self',
    pause: 'self', off: 'self', removeListener: 'self',
  },
  isDisposable: true,
  onImplicitException: 'potential',
};

export const fileWriteStream: ResourceKind = {
  id: 'file-write-stream',
  label: 'write stream',
  triggers: ['createWriteStream'],
  acquisitions: [{ calls: ['fs:createWriteStream', 'fs-extra:createWriteStream', 'graceful-fs:createWriteStream'], yields: 'value' }],
  methods: {
    end: 'release', destroy: 'release', close: 'release', destroySoon: 'release',
    write: 'borrow', on: OPENED, once: OPENED, addListener: OPENED, off: 'self', removeListener: 'self', cork: 'borrow', uncork: 'borrow', setDefaultEncoding: 'self',
  },
  isDisposable: true,
  fields: 'ended',
  onImplicitException: 'potential',
};

/** `fs.opendir`: `for await` closes it. Source: Node's documentation of `fs.Dir`. */
export const directory: ResourceKind = {
  id: 'directory',
  label: 'directory handle',
  triggers: ['opendir'],
  acquisitions: [
    { calls: ['fs:promises.opendir', 'fs-extra:opendir'], yields: 'promise' },
    { calls: ['fs:opendirSync'], yields: 'value' },
  ],
  methods: { close: 'release', closeSync: 'release', entries: 'release', read: 'borrow', readSync: 'borrow' },
  isDisposable: true,
  onImplicitException: 'certain',
};
