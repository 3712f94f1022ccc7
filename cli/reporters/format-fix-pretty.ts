import type { FilePlan, PlannedSite } from '../fix/plan.js';
import type { CheckedFile } from '../lint/finding.js';
import { count } from './count.js';
import { formatProblem } from './format-check-pretty.js';
import { formatDiff } from './format-diff.js';
import { formatTable } from './format-table.js';
import { type ReportStyle, showPath } from './report-style.js';
import { summarizeFix } from './summarize-fix.js';

export interface FixReport {
  readonly plans: readonly FilePlan[];
  /** All files that were looked at; their problems are told. */
  readonly files: readonly CheckedFile[];
  /** Whether files were to be written, or the changes only shown. */
  readonly isWrite: boolean;
  /** Packages that changed files import and the project has not. */
  readonly missingPackages: readonly string[];
}

/** Diffs (of a preview), then what was left and why, then problems, then the table of buckets. */
export function formatFixPretty(report: FixReport, style: ReportStyle, isQuiet: boolean): string {
  const { plans, files, isWrite } = report;
  const { colors, cwd } = style;
  const diffs = plans.map(({ path, source, text }) => {
    const bom = source.hasBom ? '\uFEFF' : '';
    return formatDiff(showPath(path, cwd), bom + source.text, bom + text, colors);
  });
  const left = plans.flatMap((plan) => plan.sites.filter(({ status }) => status !== 'changed').map((site) => formatLeft(plan, site, style)));
  const problems = files.flatMap((file) => file.problems.map((problem) => formatProblem(problem, file, style)));
  const blocks = [
    ...(isWrite ? [] : diffs.filter((diff) => diff !== '').map((diff) => diff.trimEnd())),
    ...(left.length > 0 ? [left.join('\n')] : []),
    ...problems,
    ...(isQuiet ? [] : [formatSums(report, style)]),
  ];
  return blocks.map((block) => `${block}\n`).join('\n');
}

function formatLeft({ path }: FilePlan, site: PlannedSite, { colors, cwd }: ReportStyle): string {
  const place = colors.bold(`${showPath(path, cwd)}:${site.line}:${site.column}`);
  const bucket = site.status === 'failed' ? colors.red('failed') : colors.yellow('skipped');
  const why = [site.reason, site.detail].filter((part) => part !== undefined).join(': ');
  return `${place}  ${bucket}  ${site.rule}  ${why}`;
}

function formatSums({ plans, isWrite, missingPackages }: FixReport, { colors }: ReportStyle): string {
  const { byRule, changedFiles, ...total } = summarizeFix(plans);
  if (total.reported === 0) return colors.green('Nothing to repair.');
  const head = ['rule', 'reported', isWrite ? 'changed' : 'would change', 'skipped', 'failed'];
  const rows = [...Object.entries(byRule), ['total', total] as const].map(([name, buckets]) => [
    name,
    buckets.reported,
    buckets.changed,
    buckets.skipped,
    buckets.failed,
  ]);
  const files = count(changedFiles, 'file');
  const end = isWrite ? `${files} changed.` : `${files} would change.${changedFiles > 0 ? ' Run again with --write to change them.' : ''}`;
  const install = missingPackages.length > 0 ? [`The changed files need: npm install ${missingPackages.join(' ')}`] : [];
  return [...formatTable(head, rows), '', end, ...install].join('\n');
}
