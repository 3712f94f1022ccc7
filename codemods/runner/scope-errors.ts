/** What TypeScript says about names and scopes, by number; it says so with certainty also where types are not known. */
export const SCOPE_ERRORS: ReadonlySet<number> = new Set([2300, 2304, 2393, 2440, 2448, 2451, 2552, 2588, 18004]);
