import type { Certainty } from '../finding.js';
import { getRegisteredLabel, isIpAddress, isLocalHost, isSharedHosting } from './host-name.js';
import { type SampleChar, getPatternSamples } from './pattern-samples.js';

/** What a text is that a check looks at: a whole origin (`https://a.b:1`), or the host name in it. */
export type CheckedText = 'origin' | 'host';

/** How a check lets strangers in, and one of them. */
export interface MatchFlaw {
  /**
   * `end`: anything may follow. `start`: anything may stand before. `dot`: an unescaped `.` stands for any character.
   * `shared`: everybody can have such a name. `any`: no host is asked for.
   */
  readonly kind: 'end' | 'start' | 'dot' | 'shared' | 'any';
  /** An origin (or host) of a stranger that passes. */
  readonly example: string;
  readonly certainty: Certainty;
}

const MAX_PATTERN = 400;
// Patterns may backtrack; on short texts that costs nothing.
const MAX_SAMPLE = 90;

/**
 * Tries a regular expression on origins that its author cannot have meant: a foreign domain behind, before or instead
 * of the one that the pattern names. Each flaw comes with an origin that was really matched.
 */
export function findPatternFlaw(source: string, flags: string, checked: CheckedText): MatchFlaw | undefined {
  const pattern = compile(source, flags);
  const samples = pattern && source.length <= MAX_PATTERN ? getPatternSamples(source) : undefined;
  if (!pattern || !samples) return undefined;
  const matches = (text: string) => pattern.test(text);
  const flaws = samples.filter(({ length }) => length <= MAX_SAMPLE).flatMap((sample) => findSampleFlaws(sample, checked, matches));
  return flaws.find(({ certainty }) => certainty === 'certain') ?? flaws[0];
}

function findSampleFlaws(sample: readonly SampleChar[], checked: CheckedText, matches: (text: string) => boolean): MatchFlaw[] {
  const whole = completeSample(sample, checked);
  const text = getText(whole);
  if (!matches(text)) return [];
  const found = /^[a-z][a-z0-9+.-]*:\/\//i.exec(text);
  if (checked === 'origin' && !found) return [];
  const hostStart = found?.[0].length ?? 0;
  const hostEnd = hostStart + /^[^:/?#]*/.exec(text.slice(hostStart))![0].length;
  const scheme = text.slice(0, hostStart);
  const port = text.slice(hostEnd);
  const host = whole.slice(hostStart, hostEnd);
  if (!host.some((char) => char.from !== 'any' && /[a-z0-9]/i.test(char.text))) {
    const example = `${scheme}evil.example`;
    return matches(example) && matches(`${scheme}other.test`) ? [{ kind: 'any', example, certainty: 'potential' }] : [];
  }
  const flaws: MatchFlaw[] = [];
  const push = (kind: MatchFlaw['kind'], newHost: string, certainty: Certainty = 'certain') => {
    for (const example of new Set([`${scheme}${newHost}${port}`, `${scheme}${newHost}`])) {
      if (isOrigin(example, checked) && matches(example)) {
        flaws.push({ kind, example, certainty });
        return;
      }
    }
  };
  const hostText = getText(host);
  push('end', `${hostText}.evil.example`);
  if (!isLocalHost(hostText)) {
    for (const newHost of getForeignNames(host)) push('start', newHost);
    host.forEach(({ from }, index) => {
      // The dot before the last label is left: without it no name of the public DNS remains.
      const certainty = hostText.indexOf('.', index + 1) < 0 ? 'potential' : 'certain';
      if (from === 'dot' && index > 0) push('dot', `${hostText.slice(0, index)}x${hostText.slice(index + 1)}`, certainty);
    });
    if (isSharedHosting(hostText) && isOwnNameOpen(host)) push('shared', host.map(({ from, text }) => (from === 'any' && text === 'a' ? 'evil' : text)).join(''), 'potential');
  }
  return flaws;
}

/** Names of another domain that end like the given one: `evilexample.com` for `example.com`. */
function getForeignNames(host: readonly SampleChar[]): string[] {
  const hostText = getText(host);
  const labels = hostText.split('.');
  const registered = getRegisteredLabel(labels);
  if (registered < 0 || labels.length < 2) return [];
  const start = labels.slice(0, registered).join('.').length + (registered > 0 ? 1 : 0);
  const label = host.slice(start, start + labels[registered]!.length);
  const fixed = label.findIndex(({ from }) => from !== 'any');
  // A whole label that may be anything is meant to be; on shared hosting the open part is a name the owner chose.
  if (fixed < 0 || (fixed > 0 && isSharedHosting(hostText))) return [];
  // For `-team.example` the open part before it is meant: the hyphen is the border.
  if (fixed > 0 && label[fixed]!.text === '-') return [];
  if (label.slice(fixed).some(({ from }) => from === 'any')) return [];
  const rest = [getText(label.slice(fixed)), ...labels.slice(registered + 1)].join('.');
  const before = labels.slice(0, registered).map((name) => `${name}.`).join('');
  return [`evil${rest}`, `evil-${rest}`, `${before}evil${rest}`];
}

/** Whether the name that the owner registered with a shared host may be anything, in whole or in part. */
function isOwnNameOpen(host: readonly SampleChar[]): boolean {
  const labels = getText(host).split('.');
  const registered = getRegisteredLabel(labels);
  if (registered < 0) return false;
  const start = labels.slice(0, registered).join('.').length + (registered > 0 ? 1 : 0);
  return host.slice(start, start + labels[registered]!.length).some(({ from, text }) => from === 'any' && text === 'a');
}

/** A pattern that starts in the middle of an origin: what a browser would send before it. */
function completeSample(sample: readonly SampleChar[], checked: CheckedText): readonly SampleChar[] {
  const text = getText(sample);
  let before = '';
  if (text.startsWith('.') || text.startsWith('-')) before = 'a';
  if (checked === 'origin' && !/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) {
    if (text.startsWith('://')) before = 'https';
    else if (text.startsWith('//')) before = 'https:';
    else if (text.startsWith('/')) before = 'https:/';
    else before = `https://${before}`;
  }
  return [...[...before].map((char): SampleChar => ({ text: char, from: 'any' })), ...sample];
}

/** Whether a browser could send the text as an origin, or a URL have it as its host. */
export function isOrigin(text: string, checked: CheckedText): boolean {
  try {
    const url = new URL(checked === 'host' ? `https://${text}` : text);
    return url.pathname.length <= 1 && url.search === '' && url.hash === '' && url.username === '' && !isIpAddress(url.hostname) && !/^\.|\.\./.test(url.hostname);
  } catch {
    return false;
  }
}

function compile(source: string, flags: string): RegExp | undefined {
  try {
    return new RegExp(source, flags.replace(/[gy]/g, ''));
  } catch {
    return undefined;
  }
}

function getText(chars: readonly SampleChar[]): string {
  return chars.map(({ text }) => text).join('');
}
