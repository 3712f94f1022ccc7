import { databaseClient, poolClient, queryRunner, session, transaction } from './databases.js';
import { disposable } from './disposable.js';
import { directory, fileDescriptor, fileHandle, fileReadStream, fileWriteStream } from './files.js';
import { disposableStack, lease, lockFunction, semaphore } from './locks.js';
import { browser, childProcess, lineReader, page, server, watcher, worker } from './processes.js';
import type { ResourceKind } from './resource-kind.js';
import { socket } from './sockets.js';

/** Every resource that has to be given back and has no rule of its own. */
export const resourceKinds: readonly ResourceKind[] = [
  fileHandle, fileDescriptor, fileReadStream, fileWriteStream, directory,
  poolClient, queryRunner, databaseClient, session, transaction,
  browser, page, worker, childProcess, server, socket, watcher, lineReader,
  lockFunction, lease, semaphore, disposableStack, disposable,
];
