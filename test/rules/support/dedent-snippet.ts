/** A snippet without the indentation of the file that it stands in. */
export function t({ raw }: TemplateStringsArray): string {
  const lines = raw[0]!.replace(/\\([`$\\])/g, '$1').split('\n').slice(1, -1);
  const depth = /^ */.exec(lines[0]!)![0].length;
  return lines.map((line) => line.slice(depth)).join('\n');
}
