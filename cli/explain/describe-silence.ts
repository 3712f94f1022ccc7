import { basename } from 'node:path';
import type { CheckedFile } from '../lint/finding.js';
import type { Place } from './find-at-place.js';

/** Why nothing is reported at a place, as far as that is known. */
export function describeSilence(checked: CheckedFile, { line }: Place): string {
  const name = basename(checked.path);
  switch (checked.state) {
    case 'not-covered':
      return `No rule is turned on for ${name}.`;
    case 'no-trigger':
      return `Nothing is reported in ${name}: no rule that is turned on knows a word in it.`;
    case 'failed':
      return `${name} could not be looked at.`;
    default: {
      const others = [...new Set(checked.findings.map((finding) => finding.line))];
      const elsewhere = others.length > 0 ? ` Lines with findings: ${others.join(', ')}.` : '';
      return `Nothing is reported on line ${line} of ${name}.${elsewhere}`;
    }
  }
}
