import { relative, sep } from 'node:path';
import pc from 'picocolors';
import type { Io } from '../context.js';

export type Colors = ReturnType<typeof pc.createColors>;

/** What the printed form depends on, besides the result. */
export interface ReportStyle {
  readonly colors: Colors;
  /** Paths are shown relative to it. */
  readonly cwd: string;
  /** Characters in a line; long source lines are cut to it. */
  readonly width: number;
}

/** Width where the output goes to no terminal; nothing wraps there, but a minified line should not fill the log. */
const PLAIN_WIDTH = 160;

/** Colours on a terminal; `--color` and `--no-color` decide, then `NO_COLOR` and `FORCE_COLOR`. */
export function getReportStyle(io: Io, color: boolean | undefined): ReportStyle {
  const isForced = io.env.FORCE_COLOR !== undefined && io.env.FORCE_COLOR !== '0';
  const isForbidden = Boolean(io.env.NO_COLOR) || io.env.TERM === 'dumb' || io.env.FORCE_COLOR === '0';
  const hasColor = color ?? (isForced || (!isForbidden && io.stdout.isTTY === true));
  return { colors: pc.createColors(hasColor), cwd: io.cwd, width: io.stdout.columns ?? PLAIN_WIDTH };
}

/** The path as people and editors read it: relative to the working directory, with `/`. */
export function showPath(path: string, cwd: string): string {
  return (relative(cwd, path) || path).split(sep).join('/');
}
