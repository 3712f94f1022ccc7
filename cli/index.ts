export { type Io, type Parts } from './context.js';
export { getBuiltinParts } from './get-builtin-parts.js';
export { main } from './main.js';
