import { createHash } from 'node:crypto';
import type { CheckedFile, CheckedFinding } from '../lint/finding.js';
import type { CheckReport } from './check-report.js';
import { count } from './count.js';
import { showPath } from './report-style.js';
import { summarizeCheck } from './summarize-check.js';

/** The parts of the page in `report-page/`. */
export interface PageParts {
  readonly html: string;
  readonly css: string;
  /** In the order in which they run. */
  readonly scripts: readonly string[];
}

/** One page that needs nothing else: styles, scripts and findings are in it, and its policy lets it load nothing. */
export function formatHtml(report: CheckReport, { html, css, scripts }: PageParts): string {
  const hashes = scripts.map((script) => `'sha256-${createHash('sha256').update(script).digest('base64')}'`);
  const policy = `default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src ${hashes.join(' ')}; base-uri 'none'; form-action 'none'`;
  const head = [`<meta http-equiv="Content-Security-Policy" content="${policy}">`, `<style>\n${css}</style>`, ''].join('\n');
  const body = [
    `<script type="application/json" id="report">${toScriptJson(toPageData(report))}</script>`,
    ...scripts.map((script) => `<script>${script}</script>`),
    '',
  ].join('\n');
  // Functions, since `$&` in a replacement text would mean something.
  return html.replace('</head>', () => `${head}</head>`).replace('</body>', () => `${body}</body>`);
}

function toPageData({ files, root, rules }: CheckReport): object {
  const withFindings = files.filter(({ findings }) => findings.length > 0);
  const { errors, warnings, checkedFiles, filesWithFindings, suppressed } = summarizeCheck(files);
  const used = new Set(withFindings.flatMap(({ findings }) => findings.map(({ rule }) => rule)));
  return {
    sums: `${count(errors + warnings, 'finding')} in ${filesWithFindings} of ${count(checkedFiles, 'file')}${suppressed > 0 ? `, ${suppressed} suppressed` : ''}`,
    rules: Object.fromEntries(Object.entries(rules).filter(([name]) => used.has(name))),
    files: withFindings.map((file) => ({ path: showPath(file.path, root), lines: file.sourceLines })),
    findings: withFindings.flatMap((file, index) => file.findings.map((finding) => toPageFinding(finding, index))),
    problems: files.flatMap((file) => toPageProblems(file, root)),
  };
}

function toPageFinding({ messageId: _id, ...finding }: CheckedFinding, file: number): object {
  return { ...finding, file };
}

function toPageProblems({ path, problems }: CheckedFile, root: string): object[] {
  return problems.map(({ line, message, hint }) => ({ file: showPath(path, root), line, message, hint }));
}

/** JSON in which nothing can end the element it stands in. */
function toScriptJson(value: object): string {
  return JSON.stringify(value).replace(/</g, '\\u003c');
}
