import { type Refusal, refuse } from '../../repairs/refusal.js';
import type { SourceFile } from '../../source-file.js';
import { findNumber } from '../../timers/timer-calls.js';
import type { UnboundedWait } from '../unbounded-waits.js';
import { addSignal } from './forward-edits.js';
import type { AbortRepair } from './repair.js';

/**
 * Gives a request the time limit that its author wrote in an option it ignores, or the one that the configuration sets. A
 * limit that nobody chose would end requests that succeed today.
 *
 * @param timeout in milliseconds; 0 for none
 */
export function getLimitRepair(file: SourceFile, { abortable, given, ignored }: UnboundedWait, timeout: number): AbortRepair | Refusal {
  if (ignored) {
    const written = findNumber(file, ignored.value);
    // 0 stands for no limit in other clients, and would end this request at once.
    if (written === undefined || written <= 0 || !Number.isInteger(written)) return refuse('would-change-behaviour', 'the time limit is not known here, or is none');
    const [start, end] = ignored.range;
    return { edits: [{ start, end, text: `${abortable.place.form === 'option' ? abortable.place.property : 'signal'}: AbortSignal.timeout(${file.getText(ignored.value)})` }], helpers: [] };
  }
  if (timeout === 0) return refuse('would-change-behaviour', 'how long it may take is known to its author alone; set `codemodTimeout`, or pass a signal of the caller down with `--thread-signals`');
  const edits = addSignal(file, abortable, given, `AbortSignal.timeout(${timeout})`);
  return edits ? { edits, helpers: [] } : refuse('unsupported-shape', 'there is no room for a signal');
}
