import type { WriteSteps } from './keep-passing.js';
import { type FilePlan, withdrawPlan } from './plan.js';

/**
 * Writes files that only make sense together: when one of them refuses, or the user's check fails afterwards, all are
 * put back.
 */
export async function keepTogether(plans: readonly FilePlan[], steps: Pick<WriteSteps, 'write' | 'takeBack'> & { readonly check?: WriteSteps['check'] | undefined }): Promise<FilePlan[]> {
  const tried: FilePlan[] = [];
  const takeBackAll = async (reason: string) => {
    const back: FilePlan[] = [];
    for (const plan of tried) back.push(plan.isWritten ? await steps.takeBack(plan, reason) : plan);
    return [...back, ...plans.slice(tried.length).map((plan) => withdrawPlan(plan, reason))];
  };
  for (const plan of plans) {
    const written = await steps.write(plan);
    tried.push(written);
    if (!written.isWritten) return takeBackAll('A file that has to change with this one could not be written, so it was taken back.');
  }
  if (!steps.check) return tried;
  let passes: boolean;
  try {
    passes = await steps.check();
  } catch (error) {
    await takeBackAll('The check was interrupted.');
    throw error;
  }
  return passes ? tried : takeBackAll('The check fails with this change, so it was taken back.');
}
