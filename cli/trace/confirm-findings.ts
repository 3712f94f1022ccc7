import { relative, sep } from 'node:path';
import type { CheckedFile, CheckedFinding, Confirmation } from '../lint/finding.js';
import { showPath } from '../reporters/report-style.js';
import type { Frame } from './parse-frames.js';
import type { HeldResource } from './read-trace.js';

/** A place of the project where something was acquired that was never released, and where nothing was reported. */
export interface UnreportedLeak extends Frame {
  readonly kind: string;
  readonly description: string;
  /** How often. */
  readonly count: number;
}

/** What was acquired by one chain of calls in the project, and never released. */
export interface TracedLeak {
  readonly kind: string;
  readonly description: string;
  readonly count: number;
  /** The places of the project, innermost first: the acquisition, then the calls that led to it. */
  readonly stack: readonly Frame[];
  /** The findings that it confirms, as `file:line rule`. */
  readonly confirms: readonly string[];
}

export interface ConfirmedFiles {
  readonly files: readonly CheckedFile[];
  /** In the order of places. */
  readonly unreported: readonly UnreportedLeak[];
  /** All leaks of the project, those of tests too. */
  readonly leaks: readonly TracedLeak[];
  /** How many leaks began in tests, which are the tests' own. */
  readonly inTests: number;
}

const HANDLES = ['descriptor', 'socket', 'server', 'child process', 'worker', 'watcher', 'message port', 'handle'];

/** What a finding of a rule may leave behind at run time. Findings of other rules leave nothing that can be seen so. */
const KINDS: Readonly<Record<string, readonly string[]>> = {
  'no-abandoned-race': ['timer'],
  'no-leaked-abort-listener': ['listener'],
  'no-racy-update': HANDLES,
  'no-uncleared-timer': ['timer'],
  'no-unclosed-resource': HANDLES,
  'no-unclosed-response-body': ['response body', 'socket'],
  'no-unmanaged-temp-file': ['temp file'],
  'no-unremoved-listener': ['listener'],
};

/** One listener of an emitter, or one timer, that is there at the end is how most programs work; several of one place are a leak. */
const FEWEST: Readonly<Record<string, number>> = { listener: 3, timer: 3 };

const TEST_FILE = /(?:^|\/)(?:__tests__|__mocks__|tests?|specs?|e2e)\/|[.-](?:test|spec)\.[cm]?[jt]sx?$/;

/**
 * Joins findings with what a run left behind. A finding is confirmed when something of its kind was acquired at its
 * place, or by a call that was made there, and was never released.
 */
export function confirmFindings(files: readonly CheckedFile[], held: readonly HeldResource[], cwd: string): ConfirmedFiles {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const confirmations = new Map<CheckedFinding, Map<string, number>>();
  const unreported = new Map<string, UnreportedLeak & { readonly most: number }>();
  const leaks = new Map<string, TracedLeak>();
  let inTests = 0;

  for (const resource of held) {
    const frames = resource.frames.filter(({ file }) => isOfProject(file, cwd));
    const [site] = frames;
    if (!site) continue;
    const confirmed = new Map<CheckedFinding, string>();
    for (const frame of frames) {
      for (const finding of byPath.get(frame.file)?.findings ?? []) {
        if (isAt(finding, frame, resource.kind)) confirmed.set(finding, `${showPath(frame.file, cwd)}:${finding.line} ${finding.rule}`);
      }
    }
    for (const finding of confirmed.keys()) {
      const byKind = confirmations.get(finding) ?? new Map<string, number>();
      confirmations.set(finding, byKind.set(resource.kind, (byKind.get(resource.kind) ?? 0) + resource.count));
    }
    const chain = `${resource.kind} ${frames.map(({ file, line, column }) => `${file}:${line}:${column}`).join(' ')}`;
    leaks.set(chain, {
      kind: resource.kind,
      description: resource.description,
      count: (leaks.get(chain)?.count ?? 0) + resource.count,
      stack: frames,
      confirms: [...confirmed.values()],
    });
    if (confirmed.size > 0) continue;
    if (TEST_FILE.test(showPath(site.file, cwd))) {
      inTests += resource.count;
      continue;
    }
    const key = `${site.file}:${site.line}:${site.column} ${resource.kind}`;
    const { kind, description, count } = resource;
    const { count: earlier, most } = unreported.get(key) ?? { count: 0, most: 0 };
    unreported.set(key, { ...site, kind, description, count: earlier + count, most: kind === 'listener' ? Math.max(most, count) : most + count });
  }
  return {
    files: files.map((file) => ({
      ...file,
      findings: file.findings.map((finding) => (confirmations.has(finding) ? { ...finding, confirmed: toConfirmation(confirmations.get(finding)!) } : finding)),
    })),
    unreported: [...unreported.values()]
      .filter(({ kind, most }) => most >= (FEWEST[kind] ?? 1))
      .map(({ most: _most, ...leak }) => leak)
      .sort(inOrder),
    leaks: [...leaks.values()],
    inTests,
  };
}

/** One call may leave several things of different kinds: an unread body and the socket that it comes through. */
function toConfirmation(byKind: ReadonlyMap<string, number>): Confirmation {
  return { count: Math.max(...byKind.values()) };
}

function isOfProject(file: string, cwd: string): boolean {
  const path = relative(cwd, file);
  return !path.startsWith('..') && !path.split(sep).includes('node_modules');
}

/** Whether the frame stands on the code that is reported, or on the acquisition that its path begins with. */
function isAt(finding: CheckedFinding, { line }: Frame, kind: string): boolean {
  if (!(KINDS[finding.rule] ?? []).includes(kind)) return false;
  const places = [finding, ...finding.path.filter((step) => step.kind === 'acquire')];
  return places.some((place) => line >= place.line && line <= place.endLine);
}

function inOrder(a: UnreportedLeak, b: UnreportedLeak): number {
  return a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line || a.column - b.column;
}
