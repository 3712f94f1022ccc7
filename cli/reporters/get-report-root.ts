import { isAbsolute, relative } from 'node:path';
import type { Io } from '../context.js';

/** What a hosting service resolves the paths of a report against: its checkout, when the command runs inside one, else the working directory. */
export function getReportRoot({ env, cwd }: Pick<Io, 'env' | 'cwd'>): string {
  const checkout = env.GITHUB_WORKSPACE ?? env.CI_PROJECT_DIR;
  if (!checkout) return cwd;
  const inside = relative(checkout, cwd);
  return inside.startsWith('..') || isAbsolute(inside) ? cwd : checkout;
}
