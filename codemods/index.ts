export { codemods } from './codemods.js';
export * from './types.js';
export { applyEdits } from './runner/apply-edits.js';
export { NameTakenError, getImportEdits } from './runner/get-import-edits.js';
export { type FileRepair, type LintOutcome, type Proposal, type RepairInput, type SiteResult, repairFile } from './runner/repair-file.js';
export { SCOPE_ERRORS } from './runner/scope-errors.js';
export { type FileTypes, type TypeProjectOptions, TypeProjects } from './runner/type-project.js';
export { type ThreadInput, type ThreadResult, threadSignals } from './thread-signals/thread-signals.js';
export type { ThreadSite } from './thread-signals/types.js';
