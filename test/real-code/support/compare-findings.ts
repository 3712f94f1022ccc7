import type { RealFinding } from './lint-package.js';

/** What is found now and was not expected, and what was expected and is not found; several at one place are counted. */
export function compareFindings(now: readonly RealFinding[], expected: readonly RealFinding[]): { fresh: string[]; vanished: string[] } {
  return { fresh: subtract(now, expected), vanished: subtract(expected, now) };
}

function subtract(from: readonly RealFinding[], other: readonly RealFinding[]): string[] {
  const left = other.map(getFindingKey);
  return from.map(getFindingKey).filter((text) => {
    const index = left.indexOf(text);
    if (index >= 0) left.splice(index, 1);
    return index < 0;
  });
}

/** One line for a finding, by which two runs are compared. */
export function getFindingKey({ package: name, file, line, rule, messageId }: RealFinding): string {
  return `${name}/${file}:${line} ${rule} ${messageId}`;
}
