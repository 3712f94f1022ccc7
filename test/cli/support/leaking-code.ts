/** A function that loses a response body where the server refuses. */
export const LEAK = `export async function load(url: string): Promise<string> {
  const res = await fetch(url);
  if (!res.ok) {
    throw new Error('failed');
  }
  return res.text();
}
`;
/** The same, with nothing to find. */
export const CLEAN = LEAK.replace(`throw`, `await res.body?.cancel();\n    throw`);
