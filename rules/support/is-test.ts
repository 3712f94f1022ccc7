import { isTestCode } from 'watertight-analysis';
import type { RuleContext } from '@typescript-eslint/utils/ts-eslint';
import { getFile } from './get-file.js';
import { isTestFile } from './is-test-file.js';

/** Whether a file is a test or belongs to tests: by its name and folders, by what it imports, or by calling `describe` and the like. */
export function isTest(context: Readonly<RuleContext<string, readonly unknown[]>>): boolean {
  return isTestFile(context) || isTestCode(getFile(context));
}
