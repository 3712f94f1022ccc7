import type { GivenUp } from 'eslint-plugin-watertight';
import type { FileProblem } from './finding.js';

/** What a rule left undone, as a problem of the file. */
export function toNotice({ ruleName, reason, line, filename }: GivenUp): FileProblem {
  const where = filename === undefined ? '' : ` of ${filename}`;
  const message = {
    work: `\`${ruleName}\` has stopped here: the file would take too long.`,
    depth: `\`${ruleName}\` has stopped here: the code is nested too deeply.`,
    function: `\`${ruleName}\` has not followed every path of the function on line ${line}${where}, which is too large.`,
  }[reason];
  const rest = reason === 'function' ? 'the function' : 'the file';
  return { kind: 'given-up', message, line: filename === undefined ? line : undefined, hint: `What it has not found in ${rest} may be there all the same.` };
}
