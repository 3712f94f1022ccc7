import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * @typedef {{ id: string, file: string, line: number, altLines?: number[], rule: string, probe: string, sameDefectAs?: string }} Bug
 * @typedef {{ file: string, line: number, rule: string }} Place
 * @typedef {Place & { status: string, reason: string | null, detail: string | null }} Site
 * @typedef {{ bugs: string[], file: string, shared?: boolean, find: string, afterCodemods?: string, replace: string }} HandEdit
 */

/**
 * The seeded bugs that no codemod has repaired, each with the reason. What was changed itself is repaired; what was not is
 * repaired all the same when the probe that counts it counts nothing any more.
 * @param {readonly Bug[]} bugs
 * @param {readonly Place[]} findings
 * @param {readonly Site[]} sites
 * @param {{ probes: readonly ({ name: string } & Record<string, unknown>)[] }} after
 */
export function findUnrepaired(bugs, findings, sites, after) {
  const stillCounted = new Set(after.probes.filter((probe) => Object.keys(probe).length > 1).map(({ name }) => name));
  const isSite = (/** @type {Bug} */ bug) => (/** @type {Place} */ { file, line, rule }) => file === bug.file && rule === bug.rule && [bug.line, ...(bug.altLines ?? [])].includes(line);
  return bugs
    .filter((bug) => stillCounted.has(bug.probe) && !sites.some((site) => isSite(bug)(site) && site.status === 'changed' && site.detail === null))
    .map((bug) => {
      const site = sites.find(isSite(bug));
      if (site?.status === 'changed') return { ...bug, why: 'no longer reported since another place was changed, and not all of it mended' };
      const isReported = site !== undefined || findings.some(isSite(bug));
      const why = site ? [site.reason, site.detail].filter(Boolean).join(': ') || site.status : isReported ? 'reported, and not taken up' : 'not reported by its rule';
      return { ...bug, why };
    });
}

/**
 * The seeded bugs that were changed by codemods and that a probe still counts, although all the others are mended.
 * @param {readonly Bug[]} bugs
 * @param {readonly { id: string }[]} rest those that were mended by hand
 * @param {{ probes: readonly ({ name: string } & Record<string, unknown>)[] }} mended
 */
export function findNotEnough(bugs, rest, mended) {
  const byHand = new Set(rest.map(({ id }) => id));
  const counted = new Set(mended.probes.filter((probe) => Object.keys(probe).length > 1).map(({ name }) => name));
  return bugs.filter(({ id, probe }) => counted.has(probe) && !byHand.has(id));
}

/**
 * Makes the edits by hand for some bugs, each bug as a whole or not at all, also where codemods have changed what stands there. Gives the edits of those that do not fit
 * what the codemods have written.
 * @param {string} directory
 * @param {readonly { id: string }[]} rest
 * @returns {HandEdit[]}
 */
export function applyByHand(directory, rest) {
  /** @type {HandEdit[]} */
  const edits = JSON.parse(readFileSync(join(directory, 'repairs.json'), 'utf8'));
  /** @type {Set<HandEdit>} */
  const done = new Set();
  /** @type {Set<HandEdit>} */
  const misfits = new Set();
  for (const { id } of rest) {
    const texts = new Map();
    const read = (/** @type {string} */ file) => texts.get(file) ?? readFileSync(join(directory, file), 'utf8');
    const own = edits.filter((edit) => edit.bugs.includes(id) && !done.has(edit));
    const failed = own.filter((edit) => {
      const text = read(edit.file);
      if (edit.shared && text.includes(edit.replace.split('\n')[0])) return false;
      const whole = text.split(edit.find);
      const pieces = whole.length === 2 || edit.afterCodemods === undefined ? whole : text.split(edit.afterCodemods);
      texts.set(edit.file, pieces.join(edit.replace));
      return pieces.length !== 2;
    });
    for (const edit of failed) misfits.add(edit);
    if (failed.length > 0) continue;
    for (const edit of own) done.add(edit);
    for (const [file, text] of texts) writeFileSync(join(directory, file), text);
  }
  return [...misfits];
}
