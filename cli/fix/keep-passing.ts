import type { FilePlan } from './plan.js';

export interface WriteSteps {
  /** Writes the new text; the plan as it is afterwards, withdrawn when the file refused. */
  readonly write: (plan: FilePlan) => Promise<FilePlan>;
  /** Puts the old bytes back; the plan as it is afterwards. */
  readonly takeBack: (plan: FilePlan, reason: string) => Promise<FilePlan>;
  /** The user's own check; throws when it was interrupted. */
  readonly check: () => Promise<boolean>;
}

/**
 * Writes the files and keeps those with which the user's check passes. When it fails the files are halved until the ones
 * that break it are alone; each half is tried on top of what was kept before, so what stays passes together.
 */
export async function keepPassing(plans: readonly FilePlan[], steps: WriteSteps): Promise<FilePlan[]> {
  const tried: FilePlan[] = [];
  for (const plan of plans) tried.push(await steps.write(plan));
  const written = tried.filter((plan) => plan.isWritten);
  const refused = tried.filter((plan) => !plan.isWritten);
  if (written.length === 0) return refused;

  let passes: boolean;
  try {
    passes = await steps.check();
  } catch (error) {
    for (const plan of written) await steps.takeBack(plan, 'The check was interrupted.');
    throw error;
  }
  if (passes) return tried;
  const takenBack: FilePlan[] = [];
  for (const plan of written) takenBack.push(await steps.takeBack(plan, 'The check fails with this change, so it was taken back.'));
  const stuck = takenBack.filter((plan) => plan.isWritten);
  if (written.length === 1) return [...refused, ...takenBack];
  const free = written.filter((plan) => !stuck.some(({ path }) => path === plan.path)).map((plan) => ({ ...plan, isWritten: false }));
  const middle = Math.ceil(free.length / 2);
  const kept = await keepPassing(free.slice(0, middle), steps);
  return [...refused, ...stuck, ...kept, ...(await keepPassing(free.slice(middle), steps))];
}

