import { formatDiff } from './format-diff.js';
import type { FixReport } from './format-fix-pretty.js';
import { formatJson, toJsonProblems } from './format-json.js';
import { type ReportStyle, showPath } from './report-style.js';
import { summarizeFix } from './summarize-fix.js';

export function formatFixJson(report: FixReport, { colors, cwd }: ReportStyle, toolVersion: string): string {
  const { plans, files, isWrite, missingPackages } = report;
  return formatJson('fix', toolVersion, {
    mode: isWrite ? 'write' : 'preview',
    sites: plans.flatMap((plan) =>
      plan.sites.map(({ status, reason, detail, ...site }) => ({
        ...site,
        file: showPath(plan.path, cwd),
        status,
        reason: reason ?? null,
        detail: detail ?? null,
      })),
    ),
    files: plans
      .filter(({ text, source }) => text !== source.text)
      .map(({ path, source, text, isWritten }) => ({
        file: showPath(path, cwd),
        isWritten,
        diff: formatDiff(showPath(path, cwd), source.text, text, colors),
      })),
    missingPackages,
    problems: toJsonProblems(files, cwd),
    summary: summarizeFix(plans),
  });
}
