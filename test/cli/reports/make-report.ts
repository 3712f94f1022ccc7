import { join } from 'node:path';
import type { CheckReport } from '../../../cli/reporters/check-report.js';
import type { CheckedFile, CheckedFinding, Step } from '../../../cli/lint/finding.js';

const ROOT = '/project';
const LINES = [
  'export async function load(url: string): Promise<string | undefined> {',
  '\tconst res = await fetch(url);',
  '\tif (res.status === 404) {',
  "\t\tconsole.warn(`</script><b>${url}</b>`);",
  '\t\treturn undefined;',
  '\t}',
  '\treturn res.text();',
  '}',
  '',
];

/** A report over `size` findings in files of ten, in a tree of folders; a tenth is only likely, another tenth suppressed. */
export function makeReport(size: number): CheckReport {
  const files: CheckedFile[] = [];
  for (let first = 0; first < size; first += 10) {
    const number = first / 10;
    const path = join(ROOT, `packages/part-${number % 7}/src/area-${number % 5}/file ${number}.ts`);
    const indexes = Array.from({ length: Math.min(10, size - first) }, (_, index) => index);
    const sourceLines = Object.fromEntries(indexes.flatMap((index) => LINES.map((line, row) => [index * LINES.length + row + 1, line] as const)));
    files.push({ path, state: 'linted', findings: indexes.map((index) => makeFinding(index, first + index)), problems: [], sourceLines });
  }
  const rules = Object.fromEntries(['no-unclosed-response-body', 'no-uncleared-timer'].map((name) => [name, { description: `Disallow what ${name} says`, url: `https://example.com/${name}.md` }]));
  return { files, root: ROOT, toolVersion: '1.2.3', rules };
}

function makeFinding(index: number, number: number): CheckedFinding {
  const base = index * LINES.length;
  const place = { line: base + 2, column: 20, endLine: base + 2, endColumn: 30 };
  const path: Step[] = [
    { ...place, kind: 'acquire', text: 'the response body is acquired' },
    { line: base + 3, column: 6, endLine: base + 3, endColumn: 24, kind: 'branch', text: '`res.status === 404` is true' },
    { line: base + 5, column: 3, endLine: base + 5, endColumn: 20, kind: 'exit', text: 'the function returns without it' },
  ];
  return {
    ...place,
    rule: number % 3 === 0 ? 'no-uncleared-timer' : 'no-unclosed-response-body',
    messageId: 'unclosed',
    message: `Body of \`res${number}\` is never read or cancelled when line ${base + 5} returns. Read it, or cancel it before.`,
    severity: number % 4 === 0 ? 'warning' : 'error',
    certainty: number % 10 === 1 ? 'potential' : 'certain',
    suppressedBy: number % 10 === 2 ? 'comment' : undefined,
    path,
  };
}
