export { codemods } from './codemods.js';
export * from './types.js';
