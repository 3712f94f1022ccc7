import type { Finding } from 'watertight-analysis';

/** The findings that a rule reports: those that are likely only when it was asked for them. */
export function selectWanted<T extends Pick<Finding, 'certainty'>>(findings: readonly T[], includePotential: boolean): T[] {
  return findings.filter(({ certainty }) => includePotential || certainty === 'certain');
}
