import { getErrorMessage } from '../errors.js';
import { encodeSource } from '../files/read-source.js';
import { writeSource } from '../files/write-source.js';
import { type FilePlan, withdrawPlan } from './plan.js';

/** Writes the new text of a plan. What the file refuses becomes the failure of its sites; nothing is thrown. */
export async function writePlan(plan: FilePlan): Promise<FilePlan> {
  try {
    await writeSource(plan.path, plan.source.bytes, encodeSource(plan.text, plan.source));
    return { ...plan, isWritten: true };
  } catch (error) {
    return withdrawPlan(plan, `Not written: ${getErrorMessage(error)}`);
  }
}

/** Puts the old bytes back, unless somebody has changed the file since; then it stays as it is, and that is said. */
export async function takeBackPlan(plan: FilePlan, reason: string): Promise<FilePlan> {
  try {
    await writeSource(plan.path, encodeSource(plan.text, plan.source), plan.source.bytes);
    return withdrawPlan(plan, reason);
  } catch (error) {
    const detail = `${reason.replace(/, so it was taken back/, '')} It could not be taken back: ${getErrorMessage(error)}`;
    return { ...withdrawPlan(plan, detail), isWritten: true };
  }
}
