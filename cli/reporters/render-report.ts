import { readPageParts } from '../files/read-page-parts.js';
import type { CheckReport } from './check-report.js';
import { formatGitlab } from './format-gitlab.js';
import { formatHtml } from './format-html.js';
import { formatCheckJson } from './format-json.js';
import { formatMarkdown } from './format-markdown.js';
import { formatSarif } from './format-sarif.js';

export const REPORT_FORMATS = ['html', 'sarif', 'gitlab', 'markdown', 'json'] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number];

/** The findings as a document. */
export async function renderReport(format: ReportFormat, report: CheckReport): Promise<string> {
  switch (format) {
    case 'html':
      return formatHtml(report, await readPageParts());
    case 'sarif':
      return formatSarif(report);
    case 'gitlab':
      return formatGitlab(report);
    case 'markdown':
      return formatMarkdown(report);
    case 'json':
      return formatCheckJson(report.files, report.root, report.toolVersion, report.trace);
  }
}
