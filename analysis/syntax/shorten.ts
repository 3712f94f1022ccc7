/** Code for a message, on one line and with its end left out where it is longer than `length` characters. */
export function shorten(code: string, length = 60): string {
  const line = code.replace(/\s+/g, ' ');
  return line.length > length ? `${line.slice(0, length - 3)}…` : line;
}
