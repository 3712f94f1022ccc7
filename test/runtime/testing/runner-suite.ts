/** Ways in which the text of one suite differs from runner to runner. */
export interface SuiteSetting {
  readonly format: 'commonjs' | 'module';
  /** Where `test`, `before` and `after` come from: a module and the names there, or nothing when they are global. */
  readonly runner: { readonly module: string; readonly names: readonly [test: string, before: string, after: string] } | undefined;
  /** An expression for what has `useFakeTimers` and `useRealTimers`, where the runner has it. */
  readonly fakes?: string;
}

const MODULES = {
  childProcess: 'node:child_process',
  events: 'node:events',
  fs: 'node:fs',
  fsp: 'node:fs/promises',
  http: 'node:http',
  net: 'node:net',
  os: 'node:os',
  path: 'node:path',
  undici: 'undici',
  workerThreads: 'node:worker_threads',
};

/**
 * A file of tests that hold, in any runner, when the helpers of `watertight-runtime/testing` tell each kind of leak with its
 * line, and tell nothing when the same is released, one test after the other in one process.
 */
export function writeSuite({ format, runner, fakes }: SuiteSetting): string {
  const isModule = format === 'module';
  const load = (what: string, module: string) => (isModule ? `import ${what.replaceAll(':', ' as')} from '${module}';` : `const ${what} = require('${module}');`);
  const [test, before, after] = runner?.names ?? ['test', 'beforeAll', 'afterAll'];
  return [
    runner === undefined ? '' : load(`{ ${test}: test, ${before}: before, ${after}: after }`, runner.module),
    ...Object.entries(MODULES).map(([name, module]) => load(name, module)),
    load('{ expectNoLeaks, trackResources, stress }', 'watertight-runtime/testing'),
    runner === undefined ? 'const before = beforeAll, after = afterAll;' : '',
    `const FILE = ${isModule ? '(await import("node:url")).fileURLToPath(import.meta.url)' : '__filename'};`,
    BODY,
    fakes === undefined ? '' : `const fakes = ${fakes};\n${WITH_FAKE_TIMERS}`,
  ].join('\n');
}

const BODY = String.raw`
const controller = new AbortController();
const emitter = new events.EventEmitter();
const once = (source, name) => new Promise((resolve) => source.once(name, resolve));
const server = http.createServer((request, response) => response.end('x'.repeat(500_000)));
let url;
before(async () => {
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = 'http://127.0.0.1:' + server.address().port;
});
after(() => { server.closeAllConnections(); server.close(); });

// Each acquires something on its own first line and gives what releases it.
const acquire = {
  'descriptor': async () => { const file = await fsp.open(FILE);
    return () => file.close(); },
  'descriptor (stream)': async () => { const stream = fs.createReadStream(FILE);
    await once(stream, 'open');
    return () => { stream.destroy(); return once(stream, 'close'); }; },
  'socket': async () => { const socket = net.connect(server.address().port, '127.0.0.1');
    await once(socket, 'connect');
    return () => { socket.destroy(); return once(socket, 'close'); }; },
  'server': async () => { const other = net.createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    return () => new Promise((resolve) => other.close(resolve)); },
  'timer': () => { const timer = setInterval(() => {}, 60_000);
    return () => clearInterval(timer); },
  'timer (once)': () => { const timer = setTimeout(() => {}, 60_000);
    return () => clearTimeout(timer); },
  'temp file': () => { const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'watertight-suite-'));
    return () => fs.rmSync(directory, { recursive: true }); },
  'listener': () => { const listener = () => {}; process.on('SIGUSR2', listener);
    return () => process.off('SIGUSR2', listener); },
  'listener (emitter)': () => { const listener = () => {}; emitter.on('change', listener);
    return () => emitter.off('change', listener); },
  'listener (signal)': () => { const listener = () => {}; controller.signal.addEventListener('abort', listener);
    return () => controller.signal.removeEventListener('abort', listener); },
  'response body': async () => { const response = await fetch(url);
    return () => response.body.cancel(); },
  'response body (undici)': async () => { const client = new undici.Client(url); await client.request({ path: '/', method: 'GET' });
    return () => client.destroy(); },
  'socket (undici)': async () => { const client = new undici.Client(url); await client.request({ path: '/', method: 'GET' });
    return () => client.destroy(); },
  'child process': async () => { const child = childProcess.spawn(process.execPath, ['--eval', 'setInterval(() => {}, 60_000)'], { stdio: 'ignore' });
    await once(child, 'spawn');
    return () => { child.kill(); return once(child, 'exit'); }; },
  'worker': async () => { const worker = new workerThreads.Worker('setInterval(() => {}, 60_000)', { eval: true });
    await once(worker, 'online');
    return () => worker.terminate(); },
};
const lines = fs.readFileSync(FILE, 'utf8').split('\n');
const watched = { emitters: [emitter], signals: [controller.signal] };

for (const [name, begin] of Object.entries(acquire)) {
  test('told: ' + name, async () => {
    let release;
    const told = await expectNoLeaks(async () => { release = await begin(); }, { ...watched, timeoutMs: 50 }).then(() => undefined, (error) => error);
    await release();
    const kind = name.replace(/ \(.*/, '');
    const place = path.basename(FILE) + ':' + (lines.findIndex((line) => line.includes("'" + name + "': ")) + 1) + ':';
    const isRight = (leak) => leak.kind === kind && leak.acquiredAt?.split('\n').find((line) => !line.includes('node_modules'))?.includes(place);
    if (!told?.leaks?.some(isRight)) throw new Error('Not told at ' + place + ': ' + told);
    if (!name.includes('body') && !name.includes('undici') && !told.leaks.every(isRight)) throw new Error('Told besides: ' + told);
  });
  test('not told: ' + name, async () => {
    await expectNoLeaks(async () => { await (await begin())(); }, { ...watched, timeoutMs: 20_000 });
  });
}
test('tracked', async () => {
  const tracker = trackResources({ timeoutMs: 50 });
  const release = await acquire.descriptor();
  const told = await tracker.assertNoLeaks().then(() => undefined, (error) => error);
  await release();
  await tracker.assertNoLeaks();
  tracker.stop();
  if (told?.name !== 'LeakError') throw new Error('Not told: ' + told);
});
test('stressed', async () => {
  let lost = 0;
  const { runs } = await stress(async ({ pause }) => { const seen = lost; await pause(); lost = seen + 1; }, { seed: 1 });
  if (runs !== 1000 || lost >= 1000) throw new Error(runs + ' runs counted to ' + lost);
});
`;

/** The clock stands still while the helpers wait. */
const WITH_FAKE_TIMERS = String.raw`
test('told and stressed with fake timers', async () => {
  fakes.useFakeTimers();
  try {
    await expectNoLeaks(() => { setTimeout(() => {}, 60_000); });
    const release = [];
    const told = await expectNoLeaks(async () => { release.push(await acquire.descriptor()); }, { timeoutMs: 50 }).then(() => undefined, (error) => error);
    await release[0]();
    if (told?.leaks?.[0].kind !== 'descriptor') throw new Error('Not told: ' + told);
    await stress(({ pause }) => pause(), { workers: 10, iterations: 5 });
  } finally {
    fakes.useRealTimers();
  }
});
`;
