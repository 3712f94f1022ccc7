import { databaseClient, poolClient, queryRunner, transaction } from './databases.js';
import { disposable } from './disposable.js';
import { directory, fileDescriptor, fileHandle, fileReadStream, fileWriteStream } from './files.js';
import { disposableStack, lease, lockFunction, semaphore } from './locks.js';
import { browser, childProcess, lineReader, server, watcher, worker } from './processes.js';
import type { ResourceKind } from './resource-kind.js';

/** Every resource that has to be given back and has no rule of its own. */
export const resourceKinds: readonly ResourceKind[] = [
  fileHandle, fileDescriptor, fileReadStream, fileWriteStream, directory,
  poolClient, queryRunner, databaseClient, transaction,
  browser, worker, childProcess, server, watcher, lineReader,
  lockFunction, lease, semaphore, disposableStack, disposable,
];
