import type { PresetName } from '../../cli/context.js';

/** In the order in which the page offers them; the first is that of a visitor who has chosen none. */
export const PRESETS = ['recommended', 'strict', 'all', 'phase-1', 'phase-2', 'phase-3'] as const satisfies readonly PresetName[];
