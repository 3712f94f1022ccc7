import rule from '../../rules/require-error-cause.js';
import { runRuleTests } from './support/run-rule-tests.js';

runRuleTests(rule, {
  valid: [
    // the native cause
    `async function f() { try { await run(); } catch (error) { throw new Error('run failed', { cause: error }); } }`,
    // the cause in a larger options object of a class that is not known here
    `import { AppError } from './errors.js';
async function f(url: string) { try { await fetch(url); } catch (error: any) { throw new AppError('FETCH_FAILED', \`GET \${url}: \${error.message}\`, { attempts: 3, cause: error }); } }`,
    // a property of another name keeps it
    `import { AppError } from './errors.js';
async function f() { try { await run(); } catch (err) { throw new AppError(\`run: \${getMessage(err)}\`, { original: toError(err) }); } }`,
    // as a third argument
    `import { withCause } from './errors.js';
async function f() { try { await run(); } catch (e) { throw withCause('RUN', \`failed: \${e}\`, e); } }`,
    // a class of the file that hands its options to Error
    `class AppError extends Error { constructor(message: string, options?: ErrorOptions) { super(message, options); this.name = 'AppError'; } }
function f() { try { run(); } catch (error) { throw new AppError('failed', { cause: error }); } }`,
    // a class of the file that stores the cause
    `class AppError extends Error { constructor(message: string, readonly inner: unknown) { super(message); } }
function f() { try { run(); } catch (error) { throw new AppError('failed', error); } }`,
    // the cause is set before the throw
    'function f() { try { run(); } catch (error) { const failure = new RequestError(error.message, 500); failure.cause = error; throw failure; } }',
    // Object.assign carries it
    'function f() { try { run(); } catch (error) { throw Object.assign(new Error(`run: ${error.message}`), { cause: error }); } }',
    // a helper gets both
    `function f() { try { run(); } catch (error) { const failure = new Error('run failed'); attach(failure, error); throw failure; } }`,
    // a method of the new error takes it
    `function f() { try { run(); } catch (error) { throw new AppError('run failed').withCause(error); } }`,
    // the stack survives in the message
    'function f() { try { run(); } catch (error) { throw new Error(`run failed: ${error.stack}`); } }',
    // inspect writes all of it
    `import { inspect } from 'node:util';
function f() { try { run(); } catch (error) { throw new Error('run failed: ' + inspect(error)); } }`,
    // an AggregateError holds it
    `function f() { const errors: unknown[] = []; try { run(); } catch (error) { throw new AggregateError([error], 'run failed'); } }`,
    // thrown on as it is
    'function f() { try { run(); } catch (error) { log(error); throw error; } }',
    // what was caught is no error here
    'async function f() { try { await run(); } catch (error) { if (error instanceof Error) { throw error; } else { throw new Error(error as string); } } }',
    // made an error only where it is none
    'async function f() { try { await run(); } catch (error) { throw error instanceof Error ? error : new Error(String(error)); } }',
    // after the branch for errors only other values are left
    `function f() { try { run(); } catch (error) { if (error instanceof Error) throw new AppError(error.message, { cause: error }); throw new AppError('Unknown failure'); } }`,
    // the same, told by a function of its own
    'export function toError(maybeError: unknown) { if (isErrorWithMessage(maybeError)) return maybeError; try { return new Error(JSON.stringify(maybeError)); } catch { return new Error(String(maybeError)); } }',
    // a sentinel for one code, all else is thrown on
    `function f() { try { run(); } catch (error) { if (error instanceof CommanderError && error.code === 'commander.helpDisplayed') { throw new Error('help'); } throw error; } }`,
    // a constant that others compare with
    `const TEMPORARY_ERROR = 'temporary-error';
async function f() { try { await run(); } catch (err) { logger.warn({ err }); throw new Error(TEMPORARY_ERROR); } }`,
    // control flow: the command ends
    'async function f() { try { await run(); } catch (error) { logger.error(error); throw new ExitError(1); } }',
    // the abort explains the new error
    `async function f(signal: AbortSignal) { try { await run(signal); } catch (error) { if (signal.aborted) throw new Error('gave up'); throw error; } }`,
    // a person was asked
    `async function f() { try { await run(); } catch (error) { logger.error(error); const again = await confirm('Again?'); if (!again) throw new UserError('Setup cannot continue'); return f(); } }`,
    // a probe: its failure has one meaning
    'function f(text: string) { try { return JSON.parse(text); } catch { throw new UsageError(`--data must be valid JSON, got ${text}`); } }',
    // a probe with a bound error that is not used
    'function f(text: string) { try { return new URL(text); } catch (error) { throw new Error(`Invalid URL: ${text}`); } }',
    // a new error inside the try block is nobody's replacement
    `async function f() { try { throw new Error('first'); } catch (error) { throw error; } }`,
    // the new error is caught again
    `function f() { try { run(); } catch (error) { try { throw new Error('probe'); } catch {} throw error; } }`,
    // only logged
    'function f() { try { run(); } catch (error) { logger.error(new Error(`run: ${error.message}`)); } }',
    // a function that runs later has errors of its own
    `function f() { try { run(); } catch (error) { log(error); setTimeout(() => { throw new Error('late'); }); } }`,
    // a promise handler that carries it
    `run().catch((error) => { throw new Error('run failed', { cause: error }); });`,
    // rejected with the cause
    `new Promise((resolve, reject) => { child.on('error', (error) => reject(new Error(\`spawn: \${error.message}\`, { cause: error }))); });`,
    // a Node callback that hands it on
    'fs.readFile(path, (err, data) => { if (err) return callback(err); callback(null, data); });',
    // no error there: the success path of a Node callback
    `function load(path, callback) { fs.readFile(path, (err, data) => { if (err) return callback(err); if (!data.length) return callback(new Error('empty')); callback(null, data); }); }`,
    // a DOM event is no error
    `new Promise((resolve, reject) => { image.onerror = (event) => reject(new Error('Image failed to load')); });`,
    // the error of a JSON answer is data
    'async function f() { const answer = await get(); if (answer.error) throw new Error(answer.error.message); }',
    // an error among many that is kept
    `async function f() { let last; for (const url of urls) { try { return await get(url); } catch (error) { last = error; } } throw new Error('no mirror answered', { cause: last }); }`,
    // the last error is thrown itself
    `async function f() { let last; for (const url of urls) { try { return await get(url); } catch (error) { last = error; } } throw last ?? new Error('no mirrors'); }`,
    // an exit code is no error
    'async function f() { try { await run(); } catch (error) { return outputError(client, `run: ${error.message}`); } }',
    // unknown members may carry everything
    'function f() { try { run(); } catch (error) { throw new ApiError(error.response); } }',
    // an unknown helper may carry it
    `function f() { try { run(); } catch (error) { throw translate(error, 'run'); } }`,
    // options that cannot be read
    `function f(options) { try { run(); } catch (error) { throw new AppError('failed', { ...options, ...describe(error) }); } }`,
    // rolled back with care
    'async function f(trx) { try { await work(trx); } catch (error) { try { await trx.rollback(); } catch (rollbackError) { logger.warn(rollbackError); } throw error; } }',
    // a failure of the rollback is caught
    'async function f(trx) { try { await work(trx); } catch (error) { await trx.rollback().catch(() => {}); throw error; } }',
    // after the rollback nothing is thrown
    'async function f(trx) { try { await work(trx); } catch (error) { await trx.rollback(); return undefined; } }',
    // the rollback of the file cannot fail
    `async function rollback(trx) { try { await trx.query('ROLLBACK'); } catch (error) { logger.warn(error); } }
async function f(trx) { try { await work(trx); } catch (error) { await rollback(trx); throw error; } }`,
    // removal that does not mind a missing file
    `import { rm } from 'node:fs/promises';
async function f(path: string) { try { await write(path); } catch (error) { await rm(path, { force: true }); throw error; } }`,
    // finally throws where no error is on its way
    `function f() { try { run(); } catch (error) { logger.error(error); } finally { throw new Error('always'); } }`,
    // an error written out with its cause
    'async function f(port) { try { await run(); } catch (error) { return { name: error.name, message: error.message, stack: error.stack, cause: error.cause }; } }',
    // an error written out with all its fields
    'async function f(port) { try { await run(); } catch (error) { return { name: error.name, message: error.message, stack: error.stack, ...error }; } }',
    // written out for a log
    `async function f() { try { await run(); } catch (error) { logger.error('failed', { name: error.name, message: error.message, stack: error.stack }); } }`,
    // the reason is looked up by the handler
    `async function f() { try { await build(); } catch (error) { if (!existsSync('go')) throw new Error('Go is not installed.'); throw error; } }`,
    // the reason is looked up by the handler, who waits for it
    `async function f() { try { await build(); } catch (error) { if (!(await isInstalled('go'))) throw new Error('Go is not installed.'); throw error; } }`,
    // what is secret is taken out
    'function f() { try { run(); } catch (error) { throw new Error(`git failed: ${redact(error.message)}`); } }',
    // a comment says that it is on purpose
    `async function f() { try { await login(); } catch (error) { logger.error(error);
  // Do not let strangers enumerate users.
  throw new Error('User not found.'); } }`,
    // a factory of the file gets the error and carries it
    `function toFailure(error: unknown) { return new Error(\`run: \${String(error)}\`, { cause: error }); }
function f() { try { run(); } catch (error) { throw toFailure(error); } }`,
    // a converted value, whose failure says it all
    // a value that is only tried: the result is dropped, and the error says what the failure means
    "function f(position: string) { try { keyBetween(position, null); } catch (error) { throw new RangeError('Invalid position'); } }",
    'function f(text: string) { let parsed; try { parsed = npa(text); } catch { throw new Error(`Invalid specifier: ${text}`); } return parsed; }',
    // a plain error, left to the rule of ESLint
    { code: 'function f() { try { run(); } catch (error) { throw new Error(`run: ${error.message}`); } }', options: [{ checkPlainErrors: false }] },
    // a test file
    { code: 'function f() { try { run(); } catch (error) { throw new Error(`run: ${error.message}`); } }', filename: 'run.test.ts' },
    // a factory that copies the error it was given
    'export function createFailure(ctx) { const text = ctx.error?.message || ctx.error?.toString(); return new FetchError(text, ctx.error ? { cause: ctx.error } : undefined); }',
  ],
  invalid: [
    // the same call, of which the error does not say that it only tries a value
    {
      code: `function f(position: string) {
  try {
    keyBetween(position, null);
  } catch (error) {
    throw new RangeError('No key for this position');
  }
}`,
      errors: [
        {
          messageId: 'lost',
          data: { error: 'RangeError', caught: 'error' },
          line: 5,
          column: 11,
          endLine: 5,
          endColumn: 25,
          suggestions: [
            {
              messageId: 'addCause',
              data: { caught: 'error' },
              output: `function f(position: string) {
  try {
    keyBetween(position, null);
  } catch (error) {
    throw new RangeError('No key for this position', { cause: error });
  }
}`,
            },
          ],
        },
      ],
    },
    // only the message is kept
    {
      code: `async function f(url: string) {
  try {
    await fetch(url);
  } catch (error: any) {
    throw new Error(\`GET \${url}: \${error.message}\`);
  }
}`,
      errors: [
        {
          messageId: 'textOnly',
          data: { error: 'Error', caught: 'error' },
          line: 5,
          column: 11,
          endLine: 5,
          endColumn: 20,
          suggestions: [
            { messageId: 'addCause', data: { caught: 'error' }, output: `async function f(url: string) {
  try {
    await fetch(url);
  } catch (error: any) {
    throw new Error(\`GET \${url}: \${error.message}\`, { cause: error });
  }
}` },
          ],
        },
      ],
    },
    // through a variable and a helper
    {
      code: `async function f() {
  try {
    await run();
  } catch (e: unknown) {
    const text = e instanceof Error ? e.message : String(e);
    throw new Error('Build failed: ' + text);
  }
}`,
      errors: [
        {
          messageId: 'textOnly',
          data: { error: 'Error', caught: 'e' },
          line: 6,
          column: 11,
          endLine: 6,
          endColumn: 20,
          suggestions: [
            { messageId: 'addCause', data: { caught: 'e' }, output: `async function f() {
  try {
    await run();
  } catch (e: unknown) {
    const text = e instanceof Error ? e.message : String(e);
    throw new Error('Build failed: ' + text, { cause: e });
  }
}` },
          ],
        },
      ],
    },
    // a helper that gives the message
    {
      code: `import { AppError, getErrMsg } from './errors.js';
async function f() {
  try {
    await run();
  } catch (err: unknown) {
    throw new AppError(\`failed to update \${getErrMsg(err)}\`);
  }
}`,
      errors: [
        {
          messageId: 'textOnly',
          data: { error: 'AppError', caught: 'err' },
          line: 6,
          column: 11,
          endLine: 6,
          endColumn: 23,
          suggestions: [
            { messageId: 'assignCause', data: { caught: 'err' }, output: `import { AppError, getErrMsg } from './errors.js';
async function f() {
  try {
    await run();
  } catch (err: unknown) {
    throw Object.assign(new AppError(\`failed to update \${getErrMsg(err)}\`), { cause: err });
  }
}` },
          ],
        },
      ],
    },
    // nothing is kept, though it was logged
    {
      code: `async function f() {
  try {
    return await axios.get(url);
  } catch (error) {
    console.error('Error fetching deployments:', error);
    throw new Error('Failed to fetch deployments');
  }
}`,
      errors: [
        {
          messageId: 'lost',
          data: { error: 'Error', caught: 'error' },
          line: 6,
          column: 11,
          endLine: 6,
          endColumn: 20,
          suggestions: [
            { messageId: 'addCause', data: { caught: 'error' }, output: `async function f() {
  try {
    return await axios.get(url);
  } catch (error) {
    console.error('Error fetching deployments:', error);
    throw new Error('Failed to fetch deployments', { cause: error });
  }
}` },
          ],
        },
      ],
    },
    // any failure is called one thing
    {
      code: `class Driver {
  load(): void {
    try {
      this.driver = tools.load('sqlite3');
    } catch (e) {
      throw new DriverPackageNotInstalledError('SQLite', 'sqlite3');
    }
  }
}`,
      errors: [
        {
          messageId: 'lost',
          data: { error: 'DriverPackageNotInstalledError', caught: 'e' },
          line: 6,
          column: 13,
          endLine: 6,
          endColumn: 47,
          suggestions: [
            { messageId: 'assignCause', data: { caught: 'e' }, output: `class Driver {
  load(): void {
    try {
      this.driver = tools.load('sqlite3');
    } catch (e) {
      throw Object.assign(new DriverPackageNotInstalledError('SQLite', 'sqlite3'), { cause: e });
    }
  }
}` },
          ],
        },
      ],
    },
    // known errors are thrown on, all others lost
    {
      code: `function f(spec) {
  try {
    return pick(spec);
  } catch (err: unknown) {
    if (isNativeError(err) && err.code.startsWith('ERR_APP_')) {
      throw err;
    }
    throw new AppError('MALFORMED', \`malformed metadata for "\${spec.name}"\`, { hint: 'unpublished?' });
  }
}`,
      errors: [
        {
          messageId: 'lost',
          data: { error: 'AppError', caught: 'err' },
          line: 8,
          column: 11,
          endLine: 8,
          endColumn: 23,
          suggestions: [
            { messageId: 'assignCause', data: { caught: 'err' }, output: `function f(spec) {
  try {
    return pick(spec);
  } catch (err: unknown) {
    if (isNativeError(err) && err.code.startsWith('ERR_APP_')) {
      throw err;
    }
    throw Object.assign(new AppError('MALFORMED', \`malformed metadata for "\${spec.name}"\`, { hint: 'unpublished?' }), { cause: err });
  }
}` },
          ],
        },
      ],
    },
    // the error of a fetch, in a promise executor
    {
      code: `function load(uri: string) {
  return new Promise((resolve, reject) => {
    op.attempt(async (attempt) => {
      try {
        resolve(await get(uri));
      } catch (error: any) {
        reject(new AppError('FETCH_FAIL', \`GET \${uri}: \${error.message as string}\`, { attempts: attempt }));
      }
    });
  });
}`,
      errors: [
        {
          messageId: 'textOnly',
          data: { error: 'AppError', caught: 'error' },
          line: 7,
          column: 16,
          endLine: 7,
          endColumn: 28,
          suggestions: [
            { messageId: 'assignCause', data: { caught: 'error' }, output: `function load(uri: string) {
  return new Promise((resolve, reject) => {
    op.attempt(async (attempt) => {
      try {
        resolve(await get(uri));
      } catch (error: any) {
        reject(Object.assign(new AppError('FETCH_FAIL', \`GET \${uri}: \${error.message as string}\`, { attempts: attempt }), { cause: error }));
      }
    });
  });
}` },
          ],
        },
      ],
    },
    // a catch without a binding around work that fails in many ways
    {
      code: `import { readFile } from 'node:fs/promises';
async function f(path: string) {
  try {
    return await readFile(path, 'utf8');
  } catch {
    throw new Error(\`No settings at \${path}\`);
  }
}`,
      errors: [
        {
          messageId: 'unbound',
          data: { error: 'Error' },
          line: 6,
          column: 11,
          endLine: 6,
          endColumn: 20,
          suggestions: [
            { messageId: 'addCause', data: { caught: 'error' }, output: `import { readFile } from 'node:fs/promises';
async function f(path: string) {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new Error(\`No settings at \${path}\`, { cause: error });
  }
}` },
          ],
        },
      ],
    },
    // a name that is taken: another is used for the binding
    {
      code: `async function f() {
  try {
    await run();
  } catch {
    logger.error('no error object');
    throw new Error('run failed');
  }
}`,
      errors: [
        {
          messageId: 'unbound',
          data: { error: 'Error' },
          line: 6,
          column: 11,
          endLine: 6,
          endColumn: 20,
          suggestions: [
            { messageId: 'addCause', data: { caught: 'cause' }, output: `async function f() {
  try {
    await run();
  } catch (cause) {
    logger.error('no error object');
    throw new Error('run failed', { cause });
  }
}` },
          ],
        },
      ],
    },
    // in catch() of a promise
    {
      code: `function f() {
  return run().catch((err) => {
    throw new Error('Error in chain: ' + err);
  });
}`,
      errors: [
        {
          messageId: 'textOnly',
          data: { error: 'Error', caught: 'err' },
          line: 3,
          column: 11,
          endLine: 3,
          endColumn: 20,
          suggestions: [
            { messageId: 'addCause', data: { caught: 'err' }, output: `function f() {
  return run().catch((err) => {
    throw new Error('Error in chain: ' + err, { cause: err });
  });
}` },
          ],
        },
      ],
    },
    // as the second handler of then()
    {
      code: `function f() {
  return run().then(
    (value) => value,
    (error) => Promise.reject(new Error(\`run: \${error.message}\`)),
  );
}`,
      errors: [
        {
          messageId: 'textOnly',
          data: { error: 'Error', caught: 'error' },
          line: 4,
          column: 31,
          endLine: 4,
          endColumn: 40,
          suggestions: [
            { messageId: 'addCause', data: { caught: 'error' }, output: `function f() {
  return run().then(
    (value) => value,
    (error) => Promise.reject(new Error(\`run: \${error.message}\`, { cause: error })),
  );
}` },
          ],
        },
      ],
    },
    // returned by a handler
    {
      code: 'const value = await run().catch((error) => new Error(`run: ${error.message}`));',
      errors: [
        {
          messageId: 'textOnly',
          data: { error: 'Error', caught: 'error' },
          line: 1,
          column: 44,
          endLine: 1,
          endColumn: 53,
          suggestions: [
            { messageId: 'addCause', data: { caught: 'error' }, output: 'const value = await run().catch((error) => new Error(`run: ${error.message}`, { cause: error }));' },
          ],
        },
      ],
    },
    // in an error event
    {
      code: `const done = new Promise((resolve, reject) => {
  child.on('error', (err) => {
    reject(new Error(\`Failed to start: \${err.message}\`));
  });
});`,
      errors: [
        {
          messageId: 'textOnly',
          data: { error: 'Error', caught: 'err' },
          line: 3,
          column: 12,
          endLine: 3,
          endColumn: 21,
          suggestions: [
            { messageId: 'addCause', data: { caught: 'err' }, output: `const done = new Promise((resolve, reject) => {
  child.on('error', (err) => {
    reject(new Error(\`Failed to start: \${err.message}\`, { cause: err }));
  });
});` },
          ],
        },
      ],
    },
    // destroying a stream for another reason than its own
    {
      code: `source.on('error', (error) => {
  upload.destroy(new Error('An error has occurred during file read'));
});`,
      errors: [
        {
          messageId: 'lost',
          data: { error: 'Error', caught: 'error' },
          line: 2,
          column: 18,
          endLine: 2,
          endColumn: 27,
          suggestions: [
            { messageId: 'addCause', data: { caught: 'error' }, output: `source.on('error', (error) => {
  upload.destroy(new Error('An error has occurred during file read', { cause: error }));
});` },
          ],
        },
      ],
    },
    // in a Node callback
    {
      code: `function load(path, callback) {
  fs.readFile(path, (err, data) => {
    if (err) return callback(new Error('cannot read ' + path + ': ' + err.message));
    callback(null, data);
  });
}`,
      errors: [
        {
          messageId: 'textOnly',
          data: { error: 'Error', caught: 'err' },
          line: 3,
          column: 30,
          endLine: 3,
          endColumn: 39,
          suggestions: [
            { messageId: 'addCause', data: { caught: 'err' }, output: `function load(path, callback) {
  fs.readFile(path, (err, data) => {
    if (err) return callback(new Error('cannot read ' + path + ': ' + err.message, { cause: err }));
    callback(null, data);
  });
}` },
          ],
        },
      ],
    },
    // in a Node callback, nothing kept
    {
      code: `function load(path, done) {
  fs.readFile(path, function (err, data) {
    if (err) {
      done(new Error('cannot read'));
      return;
    }
    done(null, data);
  });
}`,
      errors: [
        {
          messageId: 'lost',
          data: { error: 'Error', caught: 'err' },
          line: 4,
          column: 12,
          endLine: 4,
          endColumn: 21,
          suggestions: [
            { messageId: 'addCause', data: { caught: 'err' }, output: `function load(path, done) {
  fs.readFile(path, function (err, data) {
    if (err) {
      done(new Error('cannot read', { cause: err }));
      return;
    }
    done(null, data);
  });
}` },
          ],
        },
      ],
    },
    // thrown later
    {
      code: `function f() {
  try {
    run();
  } catch (error) {
    const failure: any = new Error(\`run: \${error.message}\`);
    failure.code = error.code;
    throw failure;
  }
}`,
      errors: [
        {
          messageId: 'textOnly',
          data: { error: 'Error', caught: 'error' },
          line: 5,
          column: 26,
          endLine: 5,
          endColumn: 35,
          suggestions: [
            { messageId: 'addCause', data: { caught: 'error' }, output: `function f() {
  try {
    run();
  } catch (error) {
    const failure: any = new Error(\`run: \${error.message}\`, { cause: error });
    failure.code = error.code;
    throw failure;
  }
}` },
          ],
        },
      ],
    },
    // the last error of a loop, by its message
    {
      code: `async function f(urls: string[]) {
  let lastError: any;
  for (const url of urls) {
    try {
      return await get(url);
    } catch (error) {
      lastError = error;
    }
  }
  throw new Error(\`no mirror answered: \${lastError.message}\`);
}`,
      errors: [
        {
          messageId: 'textOnly',
          data: { error: 'Error', caught: 'lastError' },
          line: 10,
          column: 9,
          endLine: 10,
          endColumn: 18,
          suggestions: [
            { messageId: 'addCause', data: { caught: 'lastError' }, output: `async function f(urls: string[]) {
  let lastError: any;
  for (const url of urls) {
    try {
      return await get(url);
    } catch (error) {
      lastError = error;
    }
  }
  throw new Error(\`no mirror answered: \${lastError.message}\`, { cause: lastError });
}` },
          ],
        },
      ],
    },
    // a class of the file that drops what it is given
    {
      code: `class AppError extends Error {
  constructor(message: string, error: Error) {
    super(\`\${message}: \${error.message}\`);
  }
}
function f() {
  try {
    run();
  } catch (error: any) {
    throw new AppError('failed', error);
  }
}`,
      errors: [
        {
          messageId: 'textOnly',
          data: { error: 'AppError', caught: 'error' },
          line: 10,
          column: 11,
          endLine: 10,
          endColumn: 23,
          suggestions: [
            { messageId: 'assignCause', data: { caught: 'error' }, output: `class AppError extends Error {
  constructor(message: string, error: Error) {
    super(\`\${message}: \${error.message}\`);
  }
}
function f() {
  try {
    run();
  } catch (error: any) {
    throw Object.assign(new AppError('failed', error), { cause: error });
  }
}` },
          ],
        },
      ],
    },
    // a class of the file that takes options, but is given none
    {
      code: `class AppError extends Error {
  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
  }
}
function f() {
  try {
    run();
  } catch (error: any) {
    throw new AppError('RUN', error.message);
  }
}`,
      errors: [
        {
          messageId: 'textOnly',
          data: { error: 'AppError', caught: 'error' },
          line: 10,
          column: 11,
          endLine: 10,
          endColumn: 23,
          suggestions: [
            { messageId: 'addCause', data: { caught: 'error' }, output: `class AppError extends Error {
  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
  }
}
function f() {
  try {
    run();
  } catch (error: any) {
    throw new AppError('RUN', error.message, { cause: error });
  }
}` },
          ],
        },
      ],
    },
    // a class of the file that takes the cause itself
    {
      code: `class AppError extends Error {
  constructor(message: string, code?: string, cause?: unknown) {
    super(message);
    this.cause = cause;
  }
}
function f() {
  try {
    run();
  } catch (error: any) {
    throw new AppError(error.message);
  }
}`,
      errors: [
        {
          messageId: 'textOnly',
          data: { error: 'AppError', caught: 'error' },
          line: 11,
          column: 11,
          endLine: 11,
          endColumn: 23,
          suggestions: [
            { messageId: 'addCause', data: { caught: 'error' }, output: `class AppError extends Error {
  constructor(message: string, code?: string, cause?: unknown) {
    super(message);
    this.cause = cause;
  }
}
function f() {
  try {
    run();
  } catch (error: any) {
    throw new AppError(error.message, undefined, error);
  }
}` },
          ],
        },
      ],
    },
    // a class of the file without a constructor
    {
      code: `class AppError extends Error {}
function f() {
  try {
    run();
  } catch (error: any) {
    throw new AppError(error.message);
  }
}`,
      errors: [
        {
          messageId: 'textOnly',
          data: { error: 'AppError', caught: 'error' },
          line: 6,
          column: 11,
          endLine: 6,
          endColumn: 23,
          suggestions: [
            { messageId: 'addCause', data: { caught: 'error' }, output: `class AppError extends Error {}
function f() {
  try {
    run();
  } catch (error: any) {
    throw new AppError(error.message, { cause: error });
  }
}` },
          ],
        },
      ],
    },
    // Error takes options in second place, not the error
    {
      code: `function f() {
  try {
    run();
  } catch (error) {
    throw new Error('run failed', error);
  }
}`,
      errors: [
        {
          messageId: 'lost',
          data: { error: 'Error', caught: 'error' },
          line: 5,
          column: 11,
          endLine: 5,
          endColumn: 20,
          suggestions: [
            { messageId: 'addCause', data: { caught: 'error' }, output: `function f() {
  try {
    run();
  } catch (error) {
    throw new Error('run failed', { cause: error });
  }
}` },
          ],
        },
      ],
    },
    // other options than `cause` are ignored by Error
    {
      code: `function f() {
  try {
    run();
  } catch (error) {
    throw new Error(\`run: \${error}\`, { original: error });
  }
}`,
      errors: [
        {
          messageId: 'textOnly',
          data: { error: 'Error', caught: 'error' },
          line: 5,
          column: 11,
          endLine: 5,
          endColumn: 20,
          suggestions: [
            { messageId: 'addCause', data: { caught: 'error' }, output: `function f() {
  try {
    run();
  } catch (error) {
    throw new Error(\`run: \${error}\`, { original: error, cause: error });
  }
}` },
          ],
        },
      ],
    },
    // the whole error as the message
    {
      code: `function f() {
  try {
    run();
  } catch (error) {
    throw new Error(error);
  }
}`,
      errors: [
        {
          messageId: 'textOnly',
          data: { error: 'Error', caught: 'error' },
          line: 5,
          column: 11,
          endLine: 5,
          endColumn: 20,
          suggestions: [
            { messageId: 'addCause', data: { caught: 'error' }, output: `function f() {
  try {
    run();
  } catch (error) {
    throw new Error(error, { cause: error });
  }
}` },
          ],
        },
      ],
    },
    // the second catch replaces the second error
    {
      code: `async function f() {
  try {
    await first();
  } catch (error) {
    try {
      await second();
    } catch (fallbackError) {
      throw new Error(\`both failed: \${fallbackError.message}\`);
    }
  }
}`,
      errors: [
        {
          messageId: 'textOnly',
          data: { error: 'Error', caught: 'fallbackError' },
          line: 8,
          column: 13,
          endLine: 8,
          endColumn: 22,
          suggestions: [
            { messageId: 'addCause', data: { caught: 'fallbackError' }, output: `async function f() {
  try {
    await first();
  } catch (error) {
    try {
      await second();
    } catch (fallbackError) {
      throw new Error(\`both failed: \${fallbackError.message}\`, { cause: fallbackError });
    }
  }
}` },
          ],
        },
      ],
    },
    // a function that wraps errors
    {
      code: `export function toAppError(error: Error, what: string) {
  return new Error(\`\${what}: \${error.message}\`);
}`,
      errors: [
        {
          messageId: 'textOnly',
          data: { error: 'Error', caught: 'error' },
          line: 2,
          column: 10,
          endLine: 2,
          endColumn: 19,
          suggestions: [
            { messageId: 'addCause', data: { caught: 'error' }, output: `export function toAppError(error: Error, what: string) {
  return new Error(\`\${what}: \${error.message}\`, { cause: error });
}` },
          ],
        },
      ],
    },
    // a factory of the file that does not carry the error: there, and only there
    {
      code: `function toFailure(error: unknown) {
  return new Error(\`run: \${String(error)}\`);
}
function f() {
  try {
    run();
  } catch (error) {
    throw toFailure(error);
  }
}`,
      errors: [
        {
          messageId: 'textOnly',
          data: { error: 'Error', caught: 'error' },
          line: 2,
          column: 10,
          endLine: 2,
          endColumn: 19,
          suggestions: [
            { messageId: 'addCause', data: { caught: 'error' }, output: `function toFailure(error: unknown) {
  return new Error(\`run: \${String(error)}\`, { cause: error });
}
function f() {
  try {
    run();
  } catch (error) {
    throw toFailure(error);
  }
}` },
          ],
        },
      ],
    },
    // a factory that copies the message of the error in its context
    {
      code: `class FetchError extends Error {}
export function createFetchError(ctx) {
  const text = ctx.error?.message || ctx.error?.toString() || '';
  const fetchError = new FetchError(\`fetch failed \${text}\`);
  for (const key of ['request', 'response'] as const) {
    Object.defineProperty(fetchError, key, { get: () => ctx[key] });
  }
  return fetchError;
}`,
      errors: [
        {
          messageId: 'textOnly',
          data: { error: 'FetchError', caught: 'ctx.error' },
          line: 4,
          column: 22,
          endLine: 4,
          endColumn: 36,
          suggestions: [
            { messageId: 'addCause', data: { caught: 'ctx.error' }, output: `class FetchError extends Error {}
export function createFetchError(ctx) {
  const text = ctx.error?.message || ctx.error?.toString() || '';
  const fetchError = new FetchError(\`fetch failed \${text}\`, { cause: ctx.error });
  for (const key of ['request', 'response'] as const) {
    Object.defineProperty(fetchError, key, { get: () => ctx[key] });
  }
  return fetchError;
}` },
          ],
        },
      ],
    },
    // destructured
    {
      code: `function f() {
  try {
    run();
  } catch ({ message }) {
    throw new Error(\`run: \${message}\`);
  }
}`,
      errors: [
        {
          messageId: 'unbound',
          data: { error: 'Error' },
          line: 5,
          column: 11,
          endLine: 5,
          endColumn: 20,
        },
      ],
    },
    // a factory call is thrown
    {
      code: `import createError from 'http-errors';
async function f() {
  try {
    await run();
  } catch (error: any) {
    throw createError(502, error.message);
  }
}`,
      errors: [
        {
          messageId: 'textOnly',
          data: { error: 'createError', caught: 'error' },
          line: 6,
          column: 11,
          endLine: 6,
          endColumn: 22,
          suggestions: [
            { messageId: 'assignCause', data: { caught: 'error' }, output: `import createError from 'http-errors';
async function f() {
  try {
    await run();
  } catch (error: any) {
    throw Object.assign(createError(502, error.message), { cause: error });
  }
}` },
          ],
        },
      ],
    },
    // arguments on lines of their own, with comments
    {
      code: `function f(path: string) {
  try {
    run(path);
  } catch (error: any) {
    throw new Error(
      \`run \${path}: \${error.message}\`, // shown to the user
    );
  }
}`,
      errors: [
        {
          messageId: 'textOnly',
          data: { error: 'Error', caught: 'error' },
          line: 5,
          column: 11,
          endLine: 5,
          endColumn: 20,
          suggestions: [
            { messageId: 'addCause', data: { caught: 'error' }, output: `function f(path: string) {
  try {
    run(path);
  } catch (error: any) {
    throw new Error(
      \`run \${path}: \${error.message}\`, // shown to the user
      { cause: error },
    );
  }
}` },
          ],
        },
      ],
    },
    // arguments on lines of their own, without a comma
    {
      code: `function f(path: string) {
  try {
    run(path);
  } catch (error: any) {
    throw new Error(
      \`run \${path}: \${error.message}\` /* shown */
    )
  }
}`,
      errors: [
        {
          messageId: 'textOnly',
          data: { error: 'Error', caught: 'error' },
          line: 5,
          column: 11,
          endLine: 5,
          endColumn: 20,
          suggestions: [
            { messageId: 'addCause', data: { caught: 'error' }, output: `function f(path: string) {
  try {
    run(path);
  } catch (error: any) {
    throw new Error(
      \`run \${path}: \${error.message}\`, /* shown */
      { cause: error }
    )
  }
}` },
          ],
        },
      ],
    },
    // Windows line ends
    {
      code: `function f(path: string) {\r\n  try {\r\n    run(path);\r\n  } catch (error: any) {\r\n    throw new Error(\r\n      \`run \${path}: \${error.message}\`,\r\n    );\r\n  }\r\n}`,
      errors: [
        {
          messageId: 'textOnly',
          data: { error: 'Error', caught: 'error' },
          line: 5,
          column: 11,
          endLine: 5,
          endColumn: 20,
          suggestions: [
            { messageId: 'addCause', data: { caught: 'error' }, output: `function f(path: string) {\r\n  try {\r\n    run(path);\r\n  } catch (error: any) {\r\n    throw new Error(\r\n      \`run \${path}: \${error.message}\`,\r\n      { cause: error },\r\n    );\r\n  }\r\n}` },
          ],
        },
      ],
    },
    // without arguments
    {
      code: `function f() {
  try {
    run();
  } catch (error) {
    throw new Error;
  }
}`,
      errors: [
        {
          messageId: 'lost',
          data: { error: 'Error', caught: 'error' },
          line: 5,
          column: 11,
          endLine: 5,
          endColumn: 20,
          suggestions: [
            { messageId: 'addCause', data: { caught: 'error' }, output: `function f() {
  try {
    run();
  } catch (error) {
    throw new Error(undefined, { cause: error });
  }
}` },
          ],
        },
      ],
    },
    // text instead of an error
    {
      code: `function f() {
  try {
    run();
  } catch (error) {
    throw \`run failed: \${error}\`;
  }
}`,
      errors: [
        {
          messageId: 'textThrown',
          data: { caught: 'error' },
          line: 5,
          column: 11,
          endLine: 5,
          endColumn: 33,
          suggestions: [
            { messageId: 'throwError', data: { caught: 'error' }, output: `function f() {
  try {
    run();
  } catch (error) {
    throw new Error(\`run failed: \${error}\`, { cause: error });
  }
}` },
          ],
        },
      ],
    },
    // rejected with the text
    {
      code: `const done = new Promise((resolve, reject) => {
  child.on('error', (error) => reject(error.message));
});`,
      errors: [
        {
          messageId: 'textThrown',
          data: { caught: 'error' },
          line: 2,
          column: 39,
          endLine: 2,
          endColumn: 52,
          suggestions: [
            { messageId: 'throwError', data: { caught: 'error' }, output: `const done = new Promise((resolve, reject) => {
  child.on('error', (error) => reject(new Error(error.message, { cause: error })));
});` },
          ],
        },
      ],
    },
    // a rollback that fails hides why it was needed
    {
      code: `class Connection {
  async transactional(work, options) {
    const trx = await this.begin(options);
    try {
      return await work(trx);
    } catch (error) {
      await this.rollback(trx, options);
      throw error;
    }
  }
}`,
      errors: [
        {
          messageId: 'masked',
          data: { call: 'this.rollback()', caught: 'error', line: '8' },
          line: 7,
          column: 7,
          endLine: 7,
          endColumn: 40,
          suggestions: [
            { messageId: 'guardCleanup', data: { caught: 'error' }, output: `class Connection {
  async transactional(work, options) {
    const trx = await this.begin(options);
    try {
      return await work(trx);
    } catch (error) {
      try {
        await this.rollback(trx, options);
      } catch {
        // \`error\` says what went wrong first.
      }
      throw error;
    }
  }
}` },
          ],
        },
      ],
    },
    // a rollback as a query
    {
      code: `async function transaction(client, work) {
  try {
    return await work(client);
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  }
}`,
      errors: [
        {
          messageId: 'masked',
          data: { call: 'client.query()', caught: 'error', line: '6' },
          line: 5,
          column: 5,
          endLine: 5,
          endColumn: 35,
          suggestions: [
            { messageId: 'guardCleanup', data: { caught: 'error' }, output: `async function transaction(client, work) {
  try {
    return await work(client);
  } catch (error) {
    try {
      await client.query('ROLLBACK');
    } catch {
      // \`error\` says what went wrong first.
    }
    throw error;
  }
}` },
          ],
        },
      ],
    },
    // removing a file that may never have been made
    {
      code: `import { unlink } from 'node:fs/promises';
async function save(path: string) {
  try {
    await write(path);
  } catch (error) {
    await unlink(path);
    throw error;
  }
}`,
      errors: [
        {
          messageId: 'masked',
          data: { call: 'unlink()', caught: 'error', line: '7' },
          line: 6,
          column: 5,
          endLine: 6,
          endColumn: 23,
          suggestions: [
            { messageId: 'guardCleanup', data: { caught: 'error' }, output: `import { unlink } from 'node:fs/promises';
async function save(path: string) {
  try {
    await write(path);
  } catch (error) {
    try {
      await unlink(path);
    } catch {
      // \`error\` says what went wrong first.
    }
    throw error;
  }
}` },
          ],
        },
      ],
    },
    // a throw in finally
    {
      code: `async function f() {
  try {
    await run();
  } finally {
    throw new Error('not closed');
  }
}`,
      errors: [
        {
          messageId: 'maskedByFinally',
          line: 5,
          column: 5,
          endLine: 5,
          endColumn: 10,
        },
      ],
    },
    // an error written out without its cause
    {
      code: `async function invoke(handler) {
  try {
    return { r: await handler() };
  } catch (error) {
    return {
      e: {
        name: error.name,
        message: error.message,
        stack: error.stack,
      },
    };
  }
}`,
      errors: [
        {
          messageId: 'partialCopy',
          data: { caught: 'error' },
          line: 7,
          column: 9,
          endLine: 9,
          endColumn: 27,
          suggestions: [
            { messageId: 'copyCause', output: `async function invoke(handler) {
  try {
    return { r: await handler() };
  } catch (error) {
    return {
      e: {
        name: error.name,
        message: error.message,
        stack: error.stack,
        cause: error.cause,
      },
    };
  }
}` },
          ],
        },
      ],
    },
    // a translation of one failure, likely on purpose
    {
      code: `function f(path: string) {
  try {
    return open(path);
  } catch (error: any) {
    if (error.code === 'ENOENT') throw new Error(\`No such file: \${error.message}\`);
    throw error;
  }
}`,
      options: [{ includePotential: true }],
      errors: [
        {
          messageId: 'textOnly',
          data: { error: 'Error', caught: 'error' },
          line: 5,
          column: 40,
          endLine: 5,
          endColumn: 49,
          suggestions: [
            { messageId: 'addCause', data: { caught: 'error' }, output: `function f(path: string) {
  try {
    return open(path);
  } catch (error: any) {
    if (error.code === 'ENOENT') throw new Error(\`No such file: \${error.message}\`, { cause: error });
    throw error;
  }
}` },
          ],
        },
      ],
    },
    // a probe, when asked
    {
      code: `function f(text: string) {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error('not JSON');
  }
}`,
      options: [{ includePotential: true }],
      errors: [
        {
          messageId: 'unbound',
          data: { error: 'Error' },
          line: 5,
          column: 11,
          endLine: 5,
          endColumn: 20,
          suggestions: [
            { messageId: 'addCause', data: { caught: 'error' }, output: `function f(text: string) {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error('not JSON', { cause: error });
  }
}` },
          ],
        },
      ],
    },
    // not plain: the error of ESLint's rule is another
    {
      code: `async function f() {
  try {
    await run();
  } catch (error: any) {
    const failure = new Error(\`run: \${error.message}\`);
    throw failure;
  }
}`,
      options: [{ checkPlainErrors: false }],
      errors: [
        {
          messageId: 'textOnly',
          data: { error: 'Error', caught: 'error' },
          line: 5,
          column: 21,
          endLine: 5,
          endColumn: 30,
          suggestions: [
            { messageId: 'addCause', data: { caught: 'error' }, output: `async function f() {
  try {
    await run();
  } catch (error: any) {
    const failure = new Error(\`run: \${error.message}\`, { cause: error });
    throw failure;
  }
}` },
          ],
        },
      ],
    },
    // a test file, when asked
    {
      code: `function f() {
  try {
    run();
  } catch (error: any) {
    throw new Error(\`run: \${error.message}\`);
  }
}`,
      options: [{ checkTestFiles: true }],
      filename: 'run.test.ts',
      errors: [
        {
          messageId: 'textOnly',
          data: { error: 'Error', caught: 'error' },
          line: 5,
          column: 11,
          endLine: 5,
          endColumn: 20,
          suggestions: [
            { messageId: 'addCause', data: { caught: 'error' }, output: `function f() {
  try {
    run();
  } catch (error: any) {
    throw new Error(\`run: \${error.message}\`, { cause: error });
  }
}` },
          ],
        },
      ],
    },
  ],
});
