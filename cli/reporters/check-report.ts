import type { Plugin } from '../context.js';
import type { CheckedFile } from '../lint/finding.js';
import type { TraceReport } from './format-trace.js';

interface RuleInfo {
  readonly description: string;
  /** The page of the rule. */
  readonly url: string | undefined;
}

/** What the reporters that write for other programs and for the browser are given. */
export interface CheckReport {
  readonly files: readonly CheckedFile[];
  /** Paths are written relative to it. */
  readonly root: string;
  readonly toolVersion: string;
  /** What `--trace` showed. */
  readonly trace?: TraceReport | undefined;
  /** By name, without the namespace. */
  readonly rules: Readonly<Record<string, RuleInfo>>;
}

export function getRuleInfo({ rules }: Plugin): Record<string, RuleInfo> {
  return Object.fromEntries(
    Object.entries(rules).map(([name, { meta }]) => [name, { description: meta.docs?.description ?? name, url: meta.docs?.url }]),
  );
}
