import rule from '../../../rules/no-leaked-abort-listener.js';
import { runRuleTests } from '../support/run-rule-tests.js';

runRuleTests(rule, {
  valid: [
    // a removal of the function that was added
    `class Reader {
  constructor(private readonly inner: { read(): Promise<string> }) {}
  private stop() {}
  async read(signal: AbortSignal) {
    const stop = this.stop.bind(this);
    signal.addEventListener('abort', stop);
    try { return await this.inner.read(); } finally { signal.removeEventListener('abort', stop); }
  }
}`,
    // what it stops goes on behind the function
    `async function serve(signal: AbortSignal, server: { listen(): Promise<void>; close(): void }) {
  signal.addEventListener('abort', () => server.close());
  await server.listen();
}`,
    // removed where the signal can do it
    `async function work(signal: AbortSignal, task: { run(): Promise<void>; cancel(): void }) {
  const cancel = () => task.cancel();
  signal.addEventListener('abort', cancel);
  try { await task.run(); } finally { if (typeof signal.removeEventListener === 'function') signal.removeEventListener('abort', cancel); }
}`,
    // removed from options that were given a default
    `async function dial(options: { signal: AbortSignal }, connection: { ready: Promise<void>; close(): void }) {
  let stop: (() => void) | undefined;
  options = options ?? {};
  try {
    stop = () => connection.close();
    options.signal.addEventListener('abort', stop, { once: true });
    await connection.ready;
  } finally {
    if (stop != null) options.signal?.removeEventListener('abort', stop);
  }
}`,
    // the signal of a turn, which ends with it
    `async function runTurn(turn: { signal: AbortSignal }, query: (signal: AbortSignal) => Promise<void>) {
  const controller = new AbortController();
  turn.signal.addEventListener('abort', () => controller.abort(), { once: true });
  await query(controller.signal);
}`,
  ],
  invalid: [
    // a removal of a function that nobody added
    {
      code: `class Reader {
  constructor(private readonly inner: { read(): Promise<string> }) {}
  private stop() {}
  async read(signal: AbortSignal) {
    signal.addEventListener('abort', this.stop.bind(this));
    const chunk = await this.inner.read();
    signal.removeEventListener('abort', this.stop.bind(this));
    return chunk;
  }
}`,
      errors: [
        {
          messageId: 'neverRemoved',
          data: { signal: 'signal' },
          line: 5, column: 5, endLine: 5, endColumn: 28,
          suggestions: null,
        },
      ],
    },
    // the work that it stops is over when it returns
    {
      code: `async function work(signal: AbortSignal, task: { run(): Promise<string>; cancel(): void }) {
  signal.addEventListener('abort', () => task.cancel());
  return await task.run();
}`,
      errors: [
        {
          messageId: 'neverRemoved',
          data: { signal: 'signal' },
          line: 2, column: 3, endLine: 2, endColumn: 26,
          suggestions: [{ messageId: 'removeListener', output: `async function work(signal: AbortSignal, task: { run(): Promise<string>; cancel(): void }) {
  const onAbort = () => task.cancel();
  signal.addEventListener('abort', onAbort);
  try {
    return await task.run();
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}` }],
        },
      ],
    },
  ],
});
