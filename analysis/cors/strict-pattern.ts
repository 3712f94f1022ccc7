import { isLocalHost } from './host-name.js';
import type { PartialMatch } from './partial-match-flaw.js';
import { type CheckedText, findPatternFlaw } from './pattern-flaw.js';
import { getPatternSamples } from './pattern-samples.js';

/** What a loose comparison was for, said exactly: an origin, or the source of a pattern for a whole origin (or host). */
export type StrictRule = { readonly origin: string } | { readonly source: string };

const SUBDOMAINS = '(?:[\\w-]+\\.)*';
const PORT = '(?::\\d+)?';

/**
 * The rule that lets in everything that the comparison with a text let in and that belongs to the named host: the host
 * itself and those below it. Undefined where the text does not name one.
 */
export function getStrictRule(method: PartialMatch, text: string, checked: CheckedText): StrictRule | undefined {
  const [, scheme, border, host, port] = /^([a-z][a-z0-9+.-]*:\/\/|:?\/\/)?(\.)?([a-z0-9_-]+(?:\.[a-z0-9_-]+)*)(:\d+)?$/i.exec(text) ?? [];
  if (host === undefined || (!isLocalHost(host) && !/\.[a-z]{2,}$/i.test(host))) return undefined;
  if (checked === 'host') {
    if (scheme !== undefined || port !== undefined) return undefined;
    return { source: `^${method === 'startsWith' ? '' : getBelow(border, host)}${escape(host)}$` };
  }
  const isWhole = scheme !== undefined && /^[a-z]/i.test(scheme);
  if (method === 'startsWith') {
    if (!isWhole || border !== undefined) return undefined;
    return isLocalHost(host) && port === undefined ? { source: `^${escape(scheme + host)}${PORT}$` } : { origin: text };
  }
  const start = isWhole ? escape(scheme) : 'https?:\\/\\/';
  const below = scheme === undefined ? getBelow(border, host) : '';
  const end = port !== undefined ? escape(port) : method === 'endsWith' ? '' : PORT;
  return { source: `^${start}${below}${escape(host)}${end}$` };
}

/**
 * A pattern with its ends fixed and its dots escaped, that still matches what the given one was written for. Undefined
 * where that is not sure.
 */
export function getStrictSource(source: string, flags: string, checked: CheckedText): string | undefined {
  const branches = splitAlternatives(source).map((branch) => getStrictBranch(branch, flags, checked));
  return branches.includes(undefined) ? undefined : branches.join('|');
}

function getStrictBranch(source: string, flags: string, checked: CheckedText): string | undefined {
  const escaped = escapeDots(source).replace(/(?<!\\)\.([*+])(?=[A-Za-z0-9])/g, (_, sign: string) => (sign === '*' ? '(?:.*\\.)?' : '.+\\.'));
  const started = escaped.startsWith('^') ? escaped : addStart(escaped, checked);
  const strict = /(?<!\\)(?:\\\\)*\$$/.test(started) ? started : `${started}${checked === 'host' || /:\(?\\?d|:\[0|:\d/.test(started.replace('://', '')) ? '' : PORT}$`;
  let pattern: RegExp;
  try {
    pattern = new RegExp(strict, flags.replace(/[gy]/g, ''));
  } catch {
    return undefined;
  }
  if (findPatternFlaw(strict, flags, checked)) return undefined;
  const samples = (getPatternSamples(strict) ?? []).map((sample) => sample.map(({ text }) => text).join(''));
  const original = new RegExp(source, flags.replace(/[gy]/g, ''));
  return samples.some((sample) => pattern.test(sample) && original.test(sample)) ? strict : undefined;
}

function addStart(body: string, checked: CheckedText): string {
  const scheme = checked === 'host' ? '' : 'https?:\\/\\/';
  const below = /^(?:\.[*+])?\\\./.exec(body) ?? /^\((?:\?:)?\.[*+]\\\.\)[*+?]?/.exec(body);
  if (below) return `^${scheme}${/[*?]$/.test(below[0]) ? SUBDOMAINS : '(?:[\\w-]+\\.)+'}${body.slice(below[0].length)}`;
  if (/^\(?(?:\?:)?[a-z][a-z0-9|?()]*:\\?\/\\?\//i.test(body)) return `^${body}`;
  if (/^:\\?\/\\?\//.test(body)) return `^https?${body}`;
  if (/^\\?\/\\?\//.test(body)) return `^https?:${body}`;
  return `^${scheme}${/^localhost|^\d/.test(body) ? '' : SUBDOMAINS}${body}`;
}

/** Escapes each `.` that stands for one character. */
function escapeDots(source: string): string {
  let result = '';
  let isInClass = false;
  for (let index = 0; index < source.length; index++) {
    const char = source[index]!;
    if (char === '\\') {
      result += char + (source[++index] ?? '');
      continue;
    }
    if (char === '[') isInClass = true;
    if (char === ']') isInClass = false;
    result += char === '.' && !isInClass && !/[*+?{]/.test(source[index + 1] ?? '') ? '\\.' : char;
  }
  return result;
}

/** The branches of `a|b` that stand in no group. */
function splitAlternatives(source: string): string[] {
  const branches = [''];
  let depth = 0;
  for (let index = 0; index < source.length; index++) {
    const char = source[index]!;
    if (char === '(' || char === '[') depth++;
    else if (char === ')' || char === ']') depth--;
    if (char === '|' && depth === 0) branches.push('');
    else branches[branches.length - 1] += char === '\\' ? char + (source[++index] ?? '') : char;
  }
  return branches;
}

function getBelow(border: string | undefined, host: string): string {
  if (border !== undefined) return '(?:[\\w-]+\\.)+';
  return isLocalHost(host) ? '' : SUBDOMAINS;
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}
