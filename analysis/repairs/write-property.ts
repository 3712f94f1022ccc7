/** The text of a property, in its short form where name and value are the same. */
export function writeProperty(name: string, value: string): string {
  return name === value ? name : `${name}: ${value}`;
}
