import { readFileSync, readdirSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { beforeAll, describe, expect, it } from 'vitest';
import { requireErrorCause as codemod } from '../../codemods/require-error-cause.js';
import type { Target } from '../../codemods/types.js';
import { repairText } from './support/repair-text.js';

const FOLDER = fileURLToPath(new URL('../../fixtures/require-error-cause/', import.meta.url));

type Subject = Record<string, unknown>;
interface Scenario {
  run(subject: Subject, closedUrl: string): Promise<unknown>;
  readonly lost?: string;
  readonly first?: string;
  readonly target?: Partial<Target>;
}
const subjects = import.meta.glob<Subject>('../../fixtures/require-error-cause/*/{input,expected}.ts');
const scenarios = import.meta.glob<Scenario>('../../fixtures/require-error-cause/*/scenario.ts');
const load = <T>(modules: Record<string, () => Promise<T>>, file: string) => modules[`../../fixtures/require-error-cause/${file}`]!();
const names = readdirSync(FOLDER);
const read = (file: string) => readFileSync(`${FOLDER}${file}`, 'utf8');

// A port that was free a moment ago: what connects there is refused.
let closedUrl = '';
beforeAll(async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closedUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await new Promise((resolve) => server.close(resolve));
});

interface Failure {
  readonly name: string;
  readonly message: string;
  /** Codes and messages of the errors behind it. */
  readonly causes: readonly string[];
}

async function fail(scenario: Scenario, subject: Subject): Promise<Failure> {
  try {
    await scenario.run(subject, closedUrl);
  } catch (error) {
    const { name, message } = error as Error;
    const causes: string[] = [];
    for (let cause = (error as Error).cause; cause; cause = (cause as Error).cause) {
      causes.push(String((cause as NodeJS.ErrnoException).code ?? ''), (cause as Error).message);
    }
    return { name, message, causes };
  }
  throw new Error('The scenario did not fail.');
}

const repair = (text: string, target?: Partial<Target>, others?: Record<string, string>) => repairText(codemod, text, { target, others });

describe.each(names)('%s', (name) => {
  it('is written as expected, and a second run changes nothing', async () => {
    const { target } = await load(scenarios, `${name}/scenario.ts`);
    const { text: after, results } = await repair(read(`${name}/input.ts`), target);
    expect(results.length).toBeGreaterThan(0);
    expect(results.map(({ status }) => status)).toEqual(results.map(() => 'changed'));
    expect(after).toBe(read(`${name}/expected.ts`));
    expect((await repair(after, target)).results).toEqual([]);
  });

  it('loses an error before and keeps it after, with the same name and message', async () => {
    const scenario = await load(scenarios, `${name}/scenario.ts`);
    const before = await fail(scenario, await load(subjects, `${name}/input.ts`));
    const after = await fail(scenario, await load(subjects, `${name}/expected.ts`));
    if (scenario.first !== undefined) {
      expect(before.message).not.toBe(scenario.first);
      expect(after.message).toBe(scenario.first);
      return;
    }
    expect(before.causes).toEqual([]);
    expect(after.causes).toContain(scenario.lost);
    expect({ ...after, causes: [] }).toEqual(before);
  });
});

it('writes code that type-checks', () => {
  const files = names.flatMap((name) => [`${FOLDER}${name}/expected.ts`, `${FOLDER}${name}/scenario.ts`]);
  const program = ts.createProgram(files, {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    target: ts.ScriptTarget.ES2022,
    lib: ['lib.es2023.d.ts', 'lib.esnext.disposable.d.ts', 'lib.dom.d.ts'],
    module: ts.ModuleKind.NodeNext,
    types: ['node'],
    paths: { 'watertight-runtime': [fileURLToPath(new URL('../../runtime/index.ts', import.meta.url))] },
  });
  const errors = files.flatMap((file) => ts.getPreEmitDiagnostics(program, program.getSourceFile(file)));
  expect(errors.map(({ file, messageText }) => `${file?.fileName.slice(FOLDER.length)}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`)).toEqual([]);
});

const IN_CATCH = (thrown: string) => `import { AppError } from './errors.js';
export async function load(url: string) {
  try {
    await fetch(url);
  } catch (error: any) {
    throw ${thrown};
  }
}
`;

describe('classes of other files', () => {
  const classes: Record<string, readonly [declaration: string, thrown: string, expected: string]> = {
    'without a constructor of its own': ['extends Error {}', 'new AppError(error.message)', 'new AppError(error.message, { cause: error })'],
    'with the options of Error': [
      'extends Error { constructor(message: string, options?: ErrorOptions) { super(message, options); } }',
      'new AppError(error.message)',
      'new AppError(error.message, { cause: error })',
    ],
    'with options of its own, some of them given': [
      'extends Error { constructor(code: string, message: string, options: { hint?: string; cause?: unknown } = {}) { super(message, options); } }',
      "new AppError('LOAD', error.message, { hint: 'Try again' })",
      "new AppError('LOAD', error.message, { hint: 'Try again', cause: error })",
    ],
    'with another name for the cause': [
      'extends Error { readonly original?: Error; constructor(message: string, options: { exit?: number; original?: Error } = {}) { super(message); this.original = options.original; } }',
      'new AppError(error.message)',
      'new AppError(error.message, { original: error })',
    ],
    'with the cause as an argument': [
      'extends Error { constructor(message: string, status = 500, cause?: Error) { super(message, { cause }); } }',
      'new AppError(error.message)',
      'new AppError(error.message, undefined, error)',
    ],
  };
  it.each(Object.entries(classes))('%s', async (_name, [declaration, thrown, expected]) => {
    const { text: after } = await repair(IN_CATCH(thrown), {}, { '/errors.ts': `export class AppError ${declaration}` });
    expect(after).toBe(IN_CATCH(expected));
  });
});

describe('what is left alone, and why', () => {
  const skipped: Record<string, readonly [text: string, reason: string, others?: Record<string, string>]> = {
    'a class that is not known': [IN_CATCH('new AppError(error.message)'), 'needs-types'],
    'a class of another file without a place for a cause': [
      IN_CATCH('new AppError(error.message)'),
      'needs-types',
      { '/errors.ts': 'export class AppError extends Error { constructor(message: string, readonly error?: string) { super(message); } }' },
    ],
    'a class of the file without a place for a cause': [
      `class AppError extends Error { constructor(message: string) { super(message); } }\n${IN_CATCH('new AppError(error.message)').replace(/^import.*\n/, '')}`,
      'unsupported-shape',
    ],
    'options in a variable': [
      "const options = { hint: 'x' };\nimport { AppError } from './errors.js';\ntry { await fetch('x'); } catch (error: any) { throw new AppError(error.message, options); }",
      'needs-types',
      { '/errors.ts': 'export class AppError extends Error { constructor(message: string, options?: ErrorOptions) { super(message, options); } }' },
    ],
    'a destructured error': ["try { await fetch('x'); } catch ({ message }: any) { throw new Error(message); }", 'unsupported-shape'],
    'a text that is thrown': ["try { await fetch('x'); } catch (error: any) { throw error.message; }", 'would-change-behaviour'],
    'a throw in finally': ["try { await fetch('x'); } finally { throw new Error('always'); }", 'unsupported-shape'],
  };
  it.each(Object.entries(skipped))('%s', async (_name, [text, reason, others]) => {
    const { text: after, results } = await repair(text, {}, others);
    expect(results).toMatchObject([{ status: 'skipped', reason }]);
    expect(after).toBe(text);
  });
});

describe('context', () => {
  const write = async (thrown: string) => {
    const { text: after } = await repair(IN_CATCH(thrown), { errorStyle: 'context' }, { '/errors.ts': 'export class AppError extends Error {}' });
    return after.split('\n').find((line) => line.includes('throw '))?.trim();
  };

  it('takes the code from the words of the message and the context from its variables', async () => {
    expect(await write("new Error('Cannot reach ' + url + ': ' + error.message)")).toBe(
      "throw new Error('Cannot reach ' + url + ': ' + error.message, { cause: wrapWithContext(error, 'CANNOT_REACH', { url }) });",
    );
  });

  it('takes the name of the function where the message has no words', async () => {
    expect(await write('new Error(error.message)')).toBe("throw new Error(error.message, { cause: wrapWithContext(error, 'LOAD_FAILED') });");
  });

  it('leaves out what calls and what the error itself says', async () => {
    expect(await write('new AppError(`GET ${url} at ${Date.now()}: ${error.code}`)')).toBe(
      "throw new AppError(`GET ${url} at ${Date.now()}: ${error.code}`, { cause: wrapWithContext(error, 'GET_FAILED', { url }) });",
    );
  });
});
