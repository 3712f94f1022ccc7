import { parentPort, workerData } from 'node:worker_threads';
import plugin from 'eslint-plugin-watertight';
import { LintEngine } from './lint-engine.js';
import type { ThreadAnswer, ThreadData } from './lint-files.js';

const { files, named, settings, next } = workerData as ThreadData;
const engine = new LintEngine(settings, plugin);

for (let index = Atomics.add(next, 0, 1); index < files.length; index = Atomics.add(next, 0, 1)) {
  const path = files[index]!;
  parentPort!.postMessage({ index, file: await engine.lintFile(path, named.has(path)) } satisfies ThreadAnswer);
}
