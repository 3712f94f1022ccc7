import type { PresetName } from '../context.js';

export type Phase = 1 | 2 | 3 | 4;

/** What each phase adds to the one before. */
export const PHASES: Readonly<Record<Phase, string>> = {
  1: 'leaks: response bodies, files, listeners, timers, temporary files',
  2: 'races, cancellation and security: lost updates, abort signals, CORS',
  3: 'error context: errors that drop their cause',
  4: 'everything, with metrics at run time',
};

export function getPreset(phase: Phase): PresetName {
  return `phase-${phase}`;
}
