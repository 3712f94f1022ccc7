import plugin from 'eslint-plugin-watertight';
import type { Parts } from './context.js';

/** The plugin and the codemods that come with the command. */
export function getBuiltinParts(): Parts {
  return { plugin, loadCodemods: async () => (await import('watertight-codemods')).codemods, canUseThreads: true };
}
