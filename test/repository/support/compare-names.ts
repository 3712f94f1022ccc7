/** What is missing in some lists of names that should all be the same, each as `name: not in list, list`. */
export function compareNames(lists: Readonly<Record<string, readonly string[]>>): string[] {
  const all = [...new Set(Object.values(lists).flat())].sort();
  return all.flatMap((name) => {
    const missing = Object.keys(lists).filter((list) => !lists[list]!.includes(name));
    return missing.length === 0 ? [] : [`${name}: not in ${missing.join(', ')}`];
  });
}
