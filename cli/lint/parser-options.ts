/** How the built-in configuration has files parsed, whichever host runs the rules. */
export const parserOptions = { ecmaFeatures: { jsx: true } };
