import type { Derivation, Releaser, ResourceKind } from './resource-kind.js';

const REMOVERS = [
  'fs:rm', 'fs:rmSync', 'fs:promises.rm', 'fs:rmdir', 'fs:rmdirSync', 'fs:promises.rmdir', 'fs-extra:remove', 'fs-extra:removeSync', 'fs-extra:rm', 'fs-extra:rmSync',
  'fs-extra:emptyDir', 'rimraf:default', 'rimraf:rimraf', 'rimraf:sync', 'rimraf:rimrafSync', 'rimraf:rimraf.sync', 'rimraf:default.sync', 'del:default', 'del:deleteAsync', 'del:deleteSync', '@actions/io:rmRF',
  'trash:default', 'shelljs:rm', 'fs-extra:rmdir', 'fs-extra:rmdirSync', 'graceful-fs:rm', 'graceful-fs:rmSync',
];
const UNLINKERS = ['fs:unlink', 'fs:unlinkSync', 'fs:promises.unlink', 'fs-extra:unlink', 'fs-extra:unlinkSync', 'graceful-fs:unlink', 'graceful-fs:unlinkSync'];
/** Moved away: the name is free again, and what stood under it is kept on purpose. */
const MOVERS = ['fs:rename', 'fs:renameSync', 'fs:promises.rename', 'fs-extra:move', 'fs-extra:moveSync', 'fs-extra:rename', 'fs-extra:renameSync', '@actions/io:mv'];

/** Has all files of the package removed when the process ends. Source: documentation of tmp, "Graceful cleanup". */
const GRACEFUL = ['tmp:setGracefulCleanup', 'tmp:default.setGracefulCleanup', 'tmp-promise:setGracefulCleanup', 'tmp-promise:default.setGracefulCleanup'];
/** Left out of that. */
const KEPT = { property: 'keep', equals: [true] };

const releasers: readonly Releaser[] = [{ calls: [...REMOVERS, ...UNLINKERS, ...MOVERS], argument: 0 }];

const derivations: readonly Derivation[] = [
  // path.dirname(path.join(dir, 'a')) is the folder again.
  { calls: ['path:dirname'], part: 'resource', from: 'inside' },
  { calls: ['path:join', 'path:resolve', 'path:normalize', 'path:posix.join', 'path:relative', 'path:basename', 'path:dirname', 'url:pathToFileURL'], part: 'inside' },
  { calls: ['fs:realpathSync', 'fs:promises.realpath', 'fs:realpathSync.native', 'global:String'], part: 'resource' },
];

/** What both kinds have in common: a path is only a name, so that passing it on does not pass on the duty to remove what it names. */
const path = {
  releasers,
  derivations,
  textPart: 'inside',
  typeOf: 'string',
  methods: { toString: 'self' },
  parts: { inside: { otherMethods: 'borrow' }, cleanup: { isReleaser: true } },
  otherMethods: 'borrow',
  onUnknownCall: 'borrowed',
  releaserNames: '(?:^|_)(?:clean|clear|remove|delete|del|unlink|rm|rimraf|purge|dispose|destroy|discard|tear_?down|release|wipe|move|rename|trash|erase|unpublish)|cleanup$|cleaner$|^open_?(?:file|external|editor|in|path|document|url)|^show_?(?:text|item|document)',
  fields: 'owned',
  onImplicitException: 'certain',
} as const satisfies Partial<ResourceKind>;

/** A folder of a fresh name in the shared temporary folder. Source: Node's documentation of `fs.mkdtemp`: nothing removes it. */
export const temporaryFolder: ResourceKind = {
  ...path,
  id: 'temp-folder',
  label: 'temporary folder',
  triggers: ['mkdtemp', 'tmp', 'TMPDIR', 'tempy', 'temporaryDirectory'],
  acquisitions: [
    {
      calls: ['fs:mkdirSync', 'fs:promises.mkdir', 'fs-extra:mkdir', 'fs-extra:mkdirSync', 'fs-extra:ensureDir', 'fs-extra:ensureDirSync', 'fs-extra:mkdirp', 'fs-extra:mkdirpSync', 'mkdirp:mkdirp', 'mkdirp:default'],
      yields: 'argument',
      parameter: 0,
      isTemporaryPath: 'fresh',
    },
    { calls: ['fs:promises.mkdtemp', 'fs-extra:mkdtemp'], yields: 'promise' },
    { calls: ['fs:mkdtempSync', 'fs-extra:mkdtempSync', 'graceful-fs:mkdtempSync'], yields: 'value' },
    { calls: ['fs:mkdtemp', 'graceful-fs:mkdtemp'], yields: 'callback', parameter: 1, errorParameter: 0 },
    { calls: ['tempy:temporaryDirectory', 'tempy:directory', 'tempy:default.directory'], yields: 'value' },
    { calls: ['tmp-promise:dir', 'tmp-promise:default.dir'], only: KEPT, yields: 'promise' },
    { calls: ['tmp-promise:dir', 'tmp-promise:default.dir'], yields: 'promise', backedUpBy: GRACEFUL },
    { calls: ['tmp:dirSync', 'tmp:default.dirSync'], only: KEPT, yields: 'value' },
    { calls: ['tmp:dirSync', 'tmp:default.dirSync'], yields: 'value', backedUpBy: GRACEFUL },
  ],
  methods: { ...path.methods, cleanup: 'release', removeCallback: 'release' },
  properties: { path: 'resource', name: 'resource', cleanup: 'cleanup', removeCallback: 'cleanup' },
};

/** A file below the shared temporary folder, by the path that it is written to. */
export const temporaryFile: ResourceKind = {
  ...path,
  id: 'temp-file',
  label: 'temporary file',
  triggers: ['tmpdir', '/tmp', 'TMPDIR', 'tmp', 'tempy', 'temporaryFile', 'temporaryWrite', 'unlink', 'rmSync', 'rm('],
  acquisitions: [
    {
      calls: [
        '*:writeFile', 'fs:promises.writeFile', 'fs:writeFileSync', 'fs-extra:writeFileSync', 'fs-extra:outputFile', 'fs-extra:outputFileSync', 'fs-extra:writeJson', 'fs-extra:writeJSON',
        'fs:createWriteStream', 'fs:openSync', 'fs:promises.open', 'fs:copyFileSync', 'graceful-fs:writeFileSync',
      ],
      yields: 'argument',
      parameter: 0,
      isTemporaryPath: true,
    },
    {
      calls: ['fs:promises.writeFile', 'fs:writeFileSync', 'fs-extra:writeFile', 'fs-extra:writeFileSync', 'fs:promises.copyFile', 'fs:copyFileSync'],
      yields: 'argument',
      parameter: 0,
      isReleasedElsewhere: true,
    },
    { calls: ['tmp-promise:file', 'tmp-promise:default.file'], only: KEPT, yields: 'promise' },
    { calls: ['tmp-promise:file', 'tmp-promise:default.file'], yields: 'promise', backedUpBy: GRACEFUL },
    { calls: ['tmp:fileSync', 'tmp:default.fileSync'], only: KEPT, yields: 'value' },
    { calls: ['tmp:fileSync', 'tmp:default.fileSync'], yields: 'value', backedUpBy: GRACEFUL },
    { calls: ['tempy:temporaryWrite', 'tempy:write', 'tempy:default.write'], yields: 'promise' },
    { calls: ['tempy:temporaryWriteSync'], yields: 'value' },
  ],
  methods: { ...path.methods, cleanup: 'release', removeCallback: 'release' },
  properties: { path: 'resource', name: 'resource', cleanup: 'cleanup', removeCallback: 'cleanup', fd: 'descriptor' },
  parts: { ...path.parts, descriptor: { isView: true, otherMethods: 'borrow' } },
};

export const temporaryKinds: readonly ResourceKind[] = [temporaryFolder, temporaryFile];
