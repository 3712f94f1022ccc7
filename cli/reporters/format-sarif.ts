import type { CheckedFile, CheckedFinding, FileProblem, Range, Step } from '../lint/finding.js';
import { isInternalProblem, isNotice } from '../lint/finding.js';
import type { CheckReport } from './check-report.js';
import { getFingerprints } from './get-fingerprints.js';
import { showPath } from './report-style.js';

const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';
/** What paths are relative to; readers resolve it against the checkout they have. */
const ROOT_ID = '%SRCROOT%';

/** The words that SARIF 2.1.0 suggests for the kinds of a location in a thread flow (section 3.38.8). */
const LOCATION_KINDS: Readonly<Record<Step['kind'], readonly string[]>> = {
  acquire: ['acquire', 'resource'],
  branch: ['branch'],
  call: ['call'],
  await: ['call'],
  alias: ['value'],
  throw: ['exit', 'caution'],
  exit: ['exit', 'danger'],
  note: ['unknown'],
};

/**
 * SARIF 2.1.0: one run, each finding with its path as a code flow. Suppressed findings are in it, marked as such.
 * Source: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 */
export function formatSarif({ files, root, toolVersion, rules }: CheckReport): string {
  const names = Object.keys(rules).sort();
  const problems = files.flatMap((file) => file.problems.map((problem) => ({ file, problem })));
  const run = {
    tool: {
      driver: {
        name: 'watertight',
        semanticVersion: toolVersion,
        informationUri: 'https://github.com/watertight/watertight',
        rules: names.map((name) => ({
          id: getRuleId(name),
          shortDescription: { text: `${rules[name]!.description}.` },
          ...(rules[name]!.url === undefined ? {} : { helpUri: rules[name]!.url }),
        })),
      },
    },
    invocations: [
      {
        executionSuccessful: !problems.some(({ problem }) => isInternalProblem(problem)),
        toolExecutionNotifications: problems.map(({ file, problem }) => toNotification(problem, showPath(file.path, root))),
      },
    ],
    originalUriBaseIds: { [ROOT_ID]: { description: { text: 'The root of the checkout.' } } },
    columnKind: 'utf16CodeUnits',
    results: files.flatMap((file) => toResults(file, root, names)),
  };
  return `${JSON.stringify({ $schema: SCHEMA, version: '2.1.0', runs: [run] }, undefined, 2)}\n`;
}

function toResults(file: CheckedFile, root: string, names: readonly string[]): object[] {
  const path = showPath(file.path, root);
  const fingerprints = getFingerprints(file, root);
  return file.findings.map((finding) => ({
    ruleId: getRuleId(finding.rule),
    ...(names.includes(finding.rule) ? { ruleIndex: names.indexOf(finding.rule) } : {}),
    level: finding.severity,
    message: { text: finding.message },
    locations: [toLocation(finding, path, file)],
    partialFingerprints: { 'watertight/v1': fingerprints.get(finding) },
    ...(finding.path.length > 0 ? { codeFlows: [toCodeFlow(finding, path, file)] } : {}),
    suppressions: finding.suppressedBy === undefined ? [] : [{ kind: finding.suppressedBy === 'comment' ? 'inSource' : 'external' }],
    ...(finding.certainty === undefined ? {} : { properties: { certainty: finding.certainty } }),
  }));
}

function toCodeFlow({ path: steps }: CheckedFinding, path: string, file: CheckedFile): object {
  const locations = steps.map((step, index) => ({
    location: { ...toLocation(step, path, file), message: { text: step.text } },
    kinds: LOCATION_KINDS[step.kind],
    executionOrder: index + 1,
    importance: index === 0 || index === steps.length - 1 ? 'essential' : 'important',
  }));
  return { threadFlows: [{ locations }] };
}

function toLocation({ line, column, endLine, endColumn }: Range, path: string, { sourceLines }: CheckedFile): object {
  const snippet = sourceLines[line];
  const region = {
    startLine: line,
    startColumn: column,
    endLine,
    endColumn,
    ...(snippet === undefined || endLine !== line ? {} : { snippet: { text: snippet.slice(column - 1, endColumn - 1) } }),
  };
  return { physicalLocation: { artifactLocation: toArtifact(path), region } };
}

function toArtifact(path: string): object {
  return { uri: path.split('/').map(encodeURIComponent).join('/'), uriBaseId: ROOT_ID };
}

function toNotification(problem: FileProblem, path: string): object {
  const { kind, message, hint, line, column } = problem;
  const region = line === undefined ? {} : { region: { startLine: line, startColumn: column ?? 1 } };
  return {
    descriptor: { id: kind },
    level: isNotice(problem) ? 'warning' : 'error',
    message: { text: `${message} ${hint}` },
    locations: [{ physicalLocation: { artifactLocation: toArtifact(path), ...region } }],
  };
}

function getRuleId(name: string): string {
  return `watertight/${name}`;
}
