import { basename } from 'node:path';
import type { Obligation } from 'watertight-analysis';
import type { InspectedFile } from '../lint/lint-engine.js';
import type { Place } from './find-at-place.js';
import { findObligationsIn } from './find-obligations-in.js';

/** Why nothing is reported at a place, as far as that is known: one sentence, or one with a line for each way that a resource goes. */
export function describeSilence({ checked, sourceCode, settings }: InspectedFile, place: Place): string {
  const name = basename(checked.path);
  switch (checked.state) {
    case 'not-covered':
      return `No rule is turned on for ${name}.`;
    case 'no-trigger':
      return `Nothing is reported in ${name}: no rule that is turned on knows a word in it.`;
    case 'failed':
      return `${name} could not be looked at.`;
    default: {
      const obligations = sourceCode ? findObligationsIn(sourceCode, checked.path, settings) : [];
      const here = obligations.filter((obligation) => isAt(obligation, place));
      if (here.length > 0) return here.map((obligation) => describeObligation(obligation, name)).join('\n');
      const lines = (numbers: readonly number[]) => [...new Set(numbers)].join(', ');
      const reported = lines(checked.findings.map((finding) => finding.line));
      const acquired = lines(obligations.map(({ node }) => node.loc.start.line));
      return [
        `Nothing is reported on line ${place.line} of ${name}.`,
        ...(reported === '' ? [] : [`Lines with findings: ${reported}.`]),
        ...(acquired === '' ? [] : [`Lines that acquire a resource: ${acquired}.`]),
      ].join(' ');
    }
  }
}

/** Whether the resource is acquired on the line, or the line is where something becomes of it. */
function isAt({ node, fates }: Obligation, { line }: Place): boolean {
  const { start, end } = node.loc;
  return (start.line <= line && line <= end.line) || fates.some((fate) => fate.node.loc.start.line === line);
}

function describeObligation({ kind, node, fates, leak, hasGivenUp }: Obligation, name: string): string {
  const { line, column } = node.loc.start;
  const head = `${name}:${line}:${column + 1} acquires a ${kind.label}. Nothing is reported, because`;
  const ways = fates.map((fate) => `  line ${fate.node.loc.start.line}: ${fate.text}`);
  if (leak?.certainty === 'potential') {
    const exit = leak.exit?.node.loc.start.line ?? line;
    return [`${head} not every step of the path that loses it on line ${exit} is known. With the option \`includePotential\` it is reported.`, ...ways].join('\n');
  }
  if (leak) return [`${head} the rule that would report it is not turned on, or leaves this file out, as tests are.`, ...ways].join('\n');
  if (hasGivenUp) return [`${head} the function is too large to follow every path.`, ...ways].join('\n');
  if (fates.length === 0) return `${head} no path was found that ends with it still held.`;
  const isUnknown = fates.some((fate) => fate.kind === 'unknown');
  const why = isUnknown ? 'on every path somebody gets it who may release it:' : 'on every path it is released or has another owner:';
  return [`${head} ${why}`, ...ways].join('\n');
}
