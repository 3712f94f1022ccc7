import { dirname } from 'node:path/posix';
import type { CheckedFile, CheckedFinding } from '../lint/finding.js';
import type { CheckReport } from './check-report.js';
import { count } from './count.js';
import { showPath } from './report-style.js';
import { getReported, summarizeCheck } from './summarize-check.js';

/** Findings that are listed one by one; job summaries and comments on changes have limits of their own. */
const MAX_LISTED = 100;
const MAX_FOLDERS = 20;

interface Placed {
  readonly finding: CheckedFinding;
  readonly path: string;
}

/** A summary for a job, a comment or an issue: sums, rules, folders, then the findings with their paths folded away. */
export function formatMarkdown({ files, root, rules }: CheckReport): string {
  const placed = files.flatMap((file) => getReported(file).map((finding): Placed => ({ finding, path: showPath(file.path, root) })));
  const nameRule = (name: string) => (rules[name]?.url === undefined ? `\`${name}\`` : `[\`${name}\`](${rules[name].url})`);
  const left = placed.length - MAX_LISTED;
  const blocks = [
    '## watertight',
    formatSums(files),
    ...(placed.length > 0
      ? [
          formatTable('Rule', countBy(placed, ({ finding }) => nameRule(finding.rule))),
          formatTable('Folder', countBy(placed, ({ path }) => `\`${dirname(path)}\``).slice(0, MAX_FOLDERS)),
          '### Findings',
          ...placed.slice(0, MAX_LISTED).map((one) => formatFinding(one, nameRule)),
          ...(left > 0 ? [`And ${left} more.`] : []),
        ]
      : []),
    ...formatProblems(files, root),
  ];
  return `${blocks.join('\n\n')}\n`;
}

function formatSums(files: readonly CheckedFile[]): string {
  const { errors, warnings, suppressed, problems, notices, checkedFiles, filesWithFindings } = summarizeCheck(files);
  const found = errors + warnings === 0 ? 'No findings' : `**${count(errors + warnings, 'finding')}** in ${count(filesWithFindings, 'file')}`;
  const notes = [...(suppressed > 0 ? [`${suppressed} suppressed`] : []), ...(problems > 0 ? [count(problems, 'problem')] : []), ...(notices > 0 ? [count(notices, 'notice')] : [])];
  return `${found}; ${count(checkedFiles, 'file')} checked${notes.map((note) => `, ${note}`).join('')}.`;
}

interface Tally {
  readonly name: string;
  readonly certain: number;
  readonly other: number;
}

function countBy(placed: readonly Placed[], getName: (one: Placed) => string): Tally[] {
  const tallies = new Map<string, Tally>();
  for (const one of placed) {
    const name = getName(one);
    const { certain, other } = tallies.get(name) ?? { certain: 0, other: 0 };
    const isCertain = one.finding.certainty === 'certain';
    tallies.set(name, { name, certain: certain + (isCertain ? 1 : 0), other: other + (isCertain ? 0 : 1) });
  }
  return [...tallies.values()].sort((a, b) => b.certain + b.other - a.certain - a.other || (a.name < b.name ? -1 : 1));
}

function formatTable(title: string, tallies: readonly Tally[]): string {
  const rows = tallies.map(({ name, certain, other }) => `| ${name.replace(/\|/g, '\\|')} | ${certain} | ${other} |`);
  return [`| ${title} | Certain | Likely |`, '| --- | ---: | ---: |', ...rows].join('\n');
}

function formatFinding({ finding, path }: Placed, nameRule: (name: string) => string): string {
  const head = `\`${path}:${finding.line}:${finding.column}\` ${escapeText(finding.message)} (${nameRule(finding.rule)})`;
  if (finding.path.length < 2) return `- ${head}`;
  const steps = finding.path.map((step, index) => `  ${index + 1}. line ${step.line}, ${step.kind}: ${escapeText(step.text)}`);
  return [`- ${head}`, '  <details><summary>Path</summary>', '', ...steps, '', '  </details>'].join('\n');
}

function formatProblems(files: readonly CheckedFile[], root: string): string[] {
  const lines = files.flatMap(({ path, problems }) =>
    problems.map(({ message, line, hint }) => `- \`${showPath(path, root)}${line === undefined ? '' : `:${line}`}\` ${escapeText(message)} ${escapeText(hint)}`),
  );
  return lines.length > 0 ? ['### Problems', lines.join('\n')] : [];
}

/** Code in backticks stays as it is; the rest must not turn into markup. */
function escapeText(text: string): string {
  return text
    .split(/(`[^`]*`)/)
    .map((part, index) => (index % 2 === 1 ? part : part.replace(/[\\*_[\]<>|]/g, '\\$&')))
    .join('')
    .replace(/\s*\n\s*/g, ' ');
}
