export * from './syntax/node.js';
export * from './syntax/walk.js';
export * from './scopes/scope.js';
export { SourceFile, getSourceFile, type SourceFileInput } from './source-file.js';
export type { TypeProvider } from './types/type-provider.js';
export type { Certainty, Finding, FindingExit, PathStep, StepKind } from './finding.js';
