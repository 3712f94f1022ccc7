/** The end of the line of `position`, before its line break, when only space and comments follow on it; else undefined. */
export function findLineEnd(text: string, position: number): number | undefined {
  const rest = /^[^\r\n]*/.exec(text.slice(position))![0];
  const holdsOnlyComments = /^\s*(?:\/\*(?:(?!\*\/).)*\*\/\s*)*(?:\/\/.*)?$/.test(rest);
  return holdsOnlyComments ? position + rest.length : undefined;
}
