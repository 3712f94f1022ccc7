import rule from '../../rules/no-insecure-temp-file.js';
import { type Invalid, runRuleTests } from './support/run-rule-tests.js';

const IMPORTS = "import fs from 'node:fs'; import os from 'node:os'; import path from 'node:path'; import { randomUUID } from 'node:crypto';\n";

const SUGGESTED: Record<string, string> = { predictableName: 'makeExclusive', checkThenCreate: 'makeExclusive', worldWritable: 'closeMode', secretReadable: 'closeMode', publishedEarly: 'publishLater' };

function insecure(body: string, site: string, messageId: string, data: Record<string, string>, options: object = {}, repaired?: string): Invalid {
  const code = IMPORTS + body;
  const start = code.indexOf(site);
  if (start === -1) throw new Error(`${site} is not in the code`);
  const before = code.slice(0, start).split('\n');
  const through = code.slice(0, start + site.length).split('\n');
  const position = { line: before.length, column: before.at(-1)!.length + 1, endLine: through.length, endColumn: through.at(-1)!.length + 1 };
  const suggestions = repaired === undefined ? [] : [{ messageId: SUGGESTED[messageId]!, output: repaired }];
  return { code, errors: [{ messageId, data, ...position, suggestions }], options: [options] };
}

runRuleTests(rule, {
  valid: [
    `${IMPORTS}function f(t) { const p = path.join(os.tmpdir(), \`a-\${randomUUID()}.txt\`); fs.writeFileSync(p, t); }`,
    `${IMPORTS}function f(t) { const d = fs.mkdtempSync(path.join(os.tmpdir(), 'a-')); fs.writeFileSync(path.join(d, 'fixed.txt'), t); }`,
    `${IMPORTS}function f(t) { fs.writeFileSync(path.join(os.tmpdir(), 'a.txt'), t, { flag: 'wx' }); }`,
    `${IMPORTS}function f(t) { fs.writeFileSync('/tmp/a.txt', t); }`,
    `${IMPORTS}function f(t, dir) { fs.writeFileSync(path.join(dir, 'a.txt'), t); }`,
    `${IMPORTS}function f() { const fd = fs.openSync(path.join(os.tmpdir(), 'a.txt'), 'r'); return fd; }`,
    `${IMPORTS}function f(t) { const p = path.join(os.tmpdir(), \`secret-\${randomUUID()}\`); fs.writeFileSync(p, t, { mode: 0o600 }); }`,
    `${IMPORTS}function f(p, t) { fs.writeFileSync(p, t); process.env.KEY_FILE = p; }`,
    `${IMPORTS}function f(t) { const id = randomUUID(); const p = path.join(os.tmpdir(), id + '.txt'); if (!fs.existsSync(p)) fs.writeFileSync(p, t); }`,
    { code: `${IMPORTS}fs.writeFileSync(path.join(os.tmpdir(), 'a.txt'), 'x');`, filename: 'src/a.test.ts' },
    `${IMPORTS}function f() { const d = fs.mkdtempSync(path.join(os.tmpdir(), 'a-')); fs.chmodSync(d, 0o755); }`,
    `${IMPORTS}function f(dir) { fs.chmodSync(path.join(dir, 'run.sh'), 0o777); }`,
  ],
  invalid: [
    insecure("function f() {\n  const d = fs.mkdtempSync(path.join(os.tmpdir(), 'a-'));\n  fs.chmodSync(d, 0o777);\n}", 'fs.chmodSync(d, 0o777)', 'worldWritable', {}),
    insecure("function f(t) {\n  const p = path.join(os.tmpdir(), Math.random().toString(36).slice(2));\n  fs.writeFileSync(p, t);\n}", 'path.join(os.tmpdir(), Math.random().toString(36).slice(2))', 'predictableName', {}, {}, `${IMPORTS}function f(t) {\n  const p = path.join(os.tmpdir(), Math.random().toString(36).slice(2));\n  fs.writeFileSync(p, t, { flag: 'wx' });\n}`),
    insecure("function f(t) {\n  const p = path.join(os.tmpdir(), 'a.txt');\n  fs.writeFileSync(p, t);\n}", "path.join(os.tmpdir(), 'a.txt')", 'predictableName', {}),
    insecure('function f(t) {\n  const p = path.join(os.tmpdir(), `a-${Date.now()}.log`);\n  return fs.createWriteStream(p);\n}', 'path.join(os.tmpdir(), `a-${Date.now()}.log`)', 'predictableName', {}, {}, "import fs from 'node:fs'; import os from 'node:os'; import path from 'node:path'; import { randomUUID } from 'node:crypto';\nfunction f(t) {\n  const p = path.join(os.tmpdir(), `a-${Date.now()}.log`);\n  return fs.createWriteStream(p, { flags: 'wx' });\n}"),
    insecure('function f(t) {\n  fs.writeFileSync(`${os.tmpdir()}/a-${process.pid}`, t);\n}', '`${os.tmpdir()}/a-${process.pid}`', 'predictableName', {}, {}, "import fs from 'node:fs'; import os from 'node:os'; import path from 'node:path'; import { randomUUID } from 'node:crypto';\nfunction f(t) {\n  fs.writeFileSync(`${os.tmpdir()}/a-${process.pid}`, t, { flag: 'wx' });\n}"),
    insecure('function f(t) {\n  const p = path.join(os.tmpdir(), "a" + Math.random());\n  fs.writeFileSync(p, t);\n}', 'path.join(os.tmpdir(), "a" + Math.random())', 'predictableName', {}, {}, "import fs from 'node:fs'; import os from 'node:os'; import path from 'node:path'; import { randomUUID } from 'node:crypto';\nfunction f(t) {\n  const p = path.join(os.tmpdir(), \"a\" + Math.random());\n  fs.writeFileSync(p, t, { flag: 'wx' });\n}"),
    insecure("function f(t) {\n  fs.writeFileSync('/tmp/a.txt', t);\n}", "'/tmp/a.txt'", 'predictableName', {}, { includePotential: true }),
    insecure("function f(t) {\n  const p = path.join(os.tmpdir(), 'a.txt');\n  if (!fs.existsSync(p)) fs.writeFileSync(p, t);\n}", "path.join(os.tmpdir(), 'a.txt')", 'checkThenCreate', {}, {}, "import fs from 'node:fs'; import os from 'node:os'; import path from 'node:path'; import { randomUUID } from 'node:crypto';\nfunction f(t) {\n  const p = path.join(os.tmpdir(), 'a.txt');\n  if (!fs.existsSync(p)) fs.writeFileSync(p, t, { flag: 'wx' });\n}"),
    insecure('function f(key) {\n  const p = path.join(os.tmpdir(), `credentials-${randomUUID()}.json`);\n  fs.writeFileSync(p, key);\n}', 'path.join(os.tmpdir(), `credentials-${randomUUID()}.json`)', 'secretReadable', {}, {}, "import fs from 'node:fs'; import os from 'node:os'; import path from 'node:path'; import { randomUUID } from 'node:crypto';\nfunction f(key) {\n  const p = path.join(os.tmpdir(), `credentials-${randomUUID()}.json`);\n  fs.writeFileSync(p, key, { mode: 0o600 });\n}"),
    insecure('function f(t) {\n  const p = path.join(os.tmpdir(), randomUUID());\n  fs.writeFileSync(p, t, { mode: 0o666 });\n}', 'fs.writeFileSync(p, t, { mode: 0o666 })', 'worldWritable', {}, {}, "import fs from 'node:fs'; import os from 'node:os'; import path from 'node:path'; import { randomUUID } from 'node:crypto';\nfunction f(t) {\n  const p = path.join(os.tmpdir(), randomUUID());\n  fs.writeFileSync(p, t, { mode: 0o600 });\n}"),
    insecure('function f(p, t) {\n  process.env.KEY_FILE = p;\n  fs.writeFileSync(p, t);\n}', 'process.env.KEY_FILE = p', 'publishedEarly', { place: 'process.env.KEY_FILE', line: '4' }, {}, "import fs from 'node:fs'; import os from 'node:os'; import path from 'node:path'; import { randomUUID } from 'node:crypto';\nfunction f(p, t) {\n  fs.writeFileSync(p, t);\n  process.env.KEY_FILE = p;\n}"),
  ],
});
