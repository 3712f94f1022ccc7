import { basename } from 'node:path';
import type { Obligation } from 'watertight-analysis';
import type { InspectedFile } from '../lint/lint-engine.js';
import type { Place } from './find-at-place.js';
import type { HiddenFinding } from './find-hidden.js';
import { findObligationsIn } from './find-obligations-in.js';

/** Why nothing is reported at a place, as far as that is known: a sentence, or more with a line for each way that a resource goes. */
export function describeSilence({ checked, sourceCode, settings }: InspectedFile, place: Place, hidden: readonly HiddenFinding[]): string {
  const name = basename(checked.path);
  if (checked.state === 'not-covered') return `No rule is turned on for ${name}.`;
  if (checked.state === 'failed') return `${name} could not be looked at.`;
  const obligations = sourceCode ? findObligationsIn(sourceCode, checked.path, settings) : [];
  const here = obligations.filter((obligation) => isAt(obligation, place));
  const reasons = [...here.map((obligation) => describeObligation(obligation, name)), ...hidden.map((one) => describeHidden(one, name))];
  if (reasons.length > 0) return reasons.join('\n');
  if (checked.state === 'no-trigger') return `Nothing is reported in ${name}: no rule that is turned on knows a word in it.`;
  const lines = (numbers: readonly number[]) => [...new Set(numbers)].join(', ');
  const reported = lines(checked.findings.map((finding) => finding.line));
  const acquired = lines(obligations.map(({ node }) => node.loc.start.line));
  return [
    `Nothing is reported on line ${place.line} of ${name}.`,
    ...(reported === '' ? [] : [`Lines with findings: ${reported}.`]),
    ...(acquired === '' ? [] : [`Lines that acquire a resource: ${acquired}.`]),
  ].join(' ');
}

function describeHidden({ finding, reason }: HiddenFinding, name: string): string {
  return `${name}:${finding.line}:${finding.column} is not reported, because ${reason}: ${finding.message}`;
}

/** Whether the resource is acquired on the line, or the line is where something becomes of it. */
function isAt({ node, fates }: Obligation, { line }: Place): boolean {
  const { start, end } = node.loc;
  return (start.line <= line && line <= end.line) || fates.some((fate) => fate.node.loc.start.line === line);
}

function describeObligation({ kind, node, fates, leak, hasGivenUp }: Obligation, name: string): string {
  const { line, column } = node.loc.start;
  const head = `${name}:${line}:${column + 1} acquires a ${kind.label}`;
  const ways = fates.map((fate) => `  line ${fate.node.loc.start.line}: ${fate.text}`);
  return [`${head}${getVerdict(fates, leak !== undefined, hasGivenUp)}`, ...ways].join('\n');
}

function getVerdict(fates: Obligation['fates'], isLost: boolean, hasGivenUp: boolean): string {
  if (isLost) return fates.length > 0 ? '. A path loses it; on the others:' : '. A path loses it.';
  if (hasGivenUp) return '. The function is too large to follow every path, so nothing is reported.';
  if (fates.length === 0) return '. Nothing is reported, because no path was found that ends with it still held.';
  const isUnknown = fates.some((fate) => fate.kind === 'unknown');
  return `. Nothing is reported, because on every path ${isUnknown ? 'somebody gets it who may release it:' : 'it is released or has another owner:'}`;
}
