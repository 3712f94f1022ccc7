import { sortEdits } from 'watertight-analysis';
import type { Edit, Site } from '../types.js';
import { mapOffset } from './map-offset.js';

export interface Change {
  readonly before: string;
  readonly after: string;
  readonly edits: readonly Edit[];
}

export interface SiteMatches {
  /** What is still reported, by the site it was before the change. */
  readonly survivors: ReadonlyMap<Site, Site>;
  /** What nothing before the change explains. */
  readonly added: readonly Site[];
}

/**
 * Pairs what was reported before a change with what is reported after it. `repaired` are the sites that the change is
 * meant to silence: in doubt a report belongs to another site, so that two neighbours do not trade places.
 */
export function matchSites(before: readonly Site[], after: readonly Site[], change: Change, repaired: ReadonlySet<Site>): SiteMatches {
  const places = new Map(before.map((site) => [site, mapOffset(site.start, change.edits, change.before)]));
  const survivors = new Map<Site, Site>();
  const open = new Set(after);

  const isSameRule = (old: Site, now: Site) => old.ruleName === now.ruleName;
  const isSamePlace = (old: Site, now: Site) => isSameRule(old, now) && places.get(old)!.exact === now.start;
  const isInRewrittenPlace = (old: Site, now: Site) => {
    const { start, end } = places.get(old)!;
    return isSameRule(old, now) && start < end && start <= now.start && now.start < end;
  };
  const hasSameText = (old: Site, now: Site) =>
    isInRewrittenPlace(old, now) && squeeze(change.before, old) === squeeze(change.after, now);
  const isSameMessage = (old: Site, now: Site) => isSamePlace(old, now) && old.messageId === now.messageId;

  const others = before.filter((site) => !repaired.has(site));
  const pair = (candidates: readonly Site[], isMatch: (old: Site, now: Site) => boolean) => {
    for (const old of candidates) {
      if (survivors.has(old)) continue;
      const now = [...open].find((site) => isMatch(old, site));
      if (!now) continue;
      survivors.set(old, now);
      open.delete(now);
    }
  };
  for (const isMatch of [isSameMessage, isSamePlace, hasSameText]) {
    pair(others, isMatch);
    pair([...repaired], isMatch);
  }
  pair(others, isInRewrittenPlace);
  pair([...repaired], isInRewrittenPlace);
  // `if ((await fetch(url)).ok)`: what was an operand stands in a statement of its own now.
  const written = getWrittenRanges(change.edits);
  const isMoved = (old: Site, now: Site) =>
    isSameRule(old, now) &&
    old.messageId === now.messageId &&
    written.some(([start, end]) => start <= now.start && now.start < end) &&
    squeeze(change.before, old) === squeeze(change.after, now);
  pair(others, isMoved);
  pair([...repaired], isMoved);
  return { survivors, added: [...open] };
}

/** Where the texts of edits that do not overlap stand in the result. */
function getWrittenRanges(edits: readonly Edit[]): [number, number][] {
  let shift = 0;
  return sortEdits(edits).map(({ start, end, text }) => {
    const from = start + shift;
    shift += text.length - (end - start);
    return [from, from + text.length];
  });
}

function squeeze(text: string, site: Site): string {
  return text.slice(site.start, site.end).replace(/\s+/g, ' ');
}
