import { describe, expect, it } from 'vitest';
import { findPartialMatchFlaw } from '../../../analysis/cors/partial-match-flaw.js';
import { type MatchFlaw, findPatternFlaw } from '../../../analysis/cors/pattern-flaw.js';

/** A pattern for whole origins, and what is wrong with it: the kind of flaw and a stranger who passes. */
const LOOSE: readonly (readonly [RegExp, MatchFlaw['kind'], string])[] = [
  [/example\.com/, 'end', 'https://example.com.evil.example'],
  [/^https:\/\/example\.com/, 'end', 'https://example.com.evil.example'],
  [/^https?:\/\/localhost/, 'end', 'https://localhost.evil.example'],
  [/192\.168\.\d+\.\d+/, 'end', 'https://192.168.1.1.evil.example'],
  [/^https:\/\/example\.(?:com|org)/, 'end', 'https://example.com.evil.example'],
  [/example\.com$/, 'start', 'https://evilexample.com'],
  [/^https:\/\/.*example\.com$/, 'start', 'https://evilexample.com'],
  [/^https:\/\/[a-z]*example\.co\.uk$/, 'start', 'https://evilexample.co.uk'],
  [/(.+\.)*example\.com$/, 'start', 'https://evilexample.com'],
  [/mine\.vercel\.app$/, 'start', 'https://evilmine.vercel.app'],
  [/^https:\/\/app.example.com$/, 'dot', 'https://appxexample.com'],
  [/^https:\/\/[a-z]+.example\.com$/, 'start', 'https://evilexample.com'],
];

const STRICT: readonly RegExp[] = [
  /^https:\/\/example\.com$/,
  /^https:\/\/(?:[\w-]+\.)*example\.com$/,
  /^https:\/\/.*\.example\.com$/,
  /\.example\.com$/,
  /\/\/example\.com$/,
  /^https?:\/\/localhost(?::\d+)?$/,
  /localhost:\d+$/,
  /^http:\/\/localhost:\d+/,
  /^http:\/\/192.168.\d+.\d+(:\d+)?$/,
  /^https:\/\/(.+\.)?example\.co\.uk$/,
  /^https:\/\/[a-z]+-team\.example\.com$/,
  /^chrome-extension:\/\/[a-p]{32}$/,
  /^https:\/\/[^.]+\.example\.com(:[0-9]{2,5})?\/?$/i,
  // What the reader does not know is not judged.
  /^https:\/\/(?!evil)example.com/,
];

describe('findPatternFlaw', () => {
  it.each(LOOSE)('finds that %s lets strangers in', (pattern, kind, example) => {
    expect(findPatternFlaw(pattern.source, pattern.flags, 'origin')).toEqual({ kind, example, certainty: 'certain' });
    // The example is no guess: the pattern really takes it.
    expect(pattern.test(example)).toBe(true);
    expect(new URL(example).origin).toBe(example);
  });

  it.each(STRICT.map((pattern) => [pattern]))('finds nothing in %s', (pattern) => {
    expect(findPatternFlaw(pattern.source, pattern.flags, 'origin')).toBeUndefined();
  });

  it('takes a dot before the last label, a name on shared hosting and a pattern without a host for likely only', () => {
    const kinds = [/^https:\/\/example.com$/, /^https:\/\/[\w-]+\.vercel\.app$/, /^https:\/\//].map(({ source }) => findPatternFlaw(source, '', 'origin'));
    expect(kinds).toEqual([
      { kind: 'dot', example: 'https://examplexcom', certainty: 'potential' },
      { kind: 'shared', example: 'https://evil.vercel.app', certainty: 'potential' },
      { kind: 'any', example: 'https://evil.example', certainty: 'potential' },
    ]);
  });

  it('judges host names by themselves', () => {
    expect(findPatternFlaw('example\\.com$', '', 'host')).toEqual({ kind: 'start', example: 'evilexample.com', certainty: 'certain' });
    expect(findPatternFlaw('(?:^|\\.)example\\.com$', '', 'host')).toBeUndefined();
  });

  it('is not slowed down or broken by odd patterns', () => {
    expect(findPatternFlaw('(', '', 'origin')).toBeUndefined();
    expect(findPatternFlaw('[', '', 'origin')).toBeUndefined();
    expect(findPatternFlaw('(a+)+$'.repeat(50), '', 'origin')).toBeUndefined();
    expect(findPatternFlaw('^https://(x+)+{0,99999}\\.example\\.com$', '', 'origin')).toBeUndefined();
    expect(findPatternFlaw('^https://(?:[a-z]{40,}){2,}\\.example\\.com$', '', 'origin')).toBeUndefined();
    expect(findPatternFlaw('((((((((a|b)|c)|d)|e)|f)|g)|h)|i)'.repeat(3), '', 'origin')).toMatchObject({ kind: 'end' });
  });
});

describe('findPartialMatchFlaw', () => {
  it.each([
    ['includes', 'example.com', 'https://example.com.evil.example'],
    ['includes', 'localhost', 'https://localhost.evil.example'],
    ['includes', '-team.example.com', 'https://a-team.example.com.evil.example'],
    ['startsWith', 'https://example.com', 'https://example.com.evil.example'],
    ['startsWith', 'http://localhost', 'http://localhost.evil.example'],
    ['startsWith', 'https://app.', 'https://app.evil.example'],
    ['endsWith', 'example.com', 'https://evilexample.com'],
    ['endsWith', 'example.co.uk', 'https://evilexample.co.uk'],
    ['endsWith', 'mine.github.io', 'https://evilmine.github.io'],
  ] as const)('finds who passes %s(%j)', (method, text, example) => {
    expect(findPartialMatchFlaw(method, text, 'origin')).toMatchObject({ example, certainty: 'certain' });
    expect(example[method](text)).toBe(true);
  });

  it.each([
    ['includes', '://'],
    ['includes', 'https'],
    ['includes', 'localhost:3000'],
    ['includes', 'null'],
    ['startsWith', 'https://'],
    ['startsWith', 'chrome-extension://'],
    ['startsWith', 'http://localhost:'],
    ['startsWith', 'https://example.com:8443'],
    ['startsWith', 'https://example.com/'],
    ['endsWith', '.example.com'],
    ['endsWith', '://example.com'],
    ['endsWith', 'localhost'],
    // Whoever has a name that ends so is in the domain all the same.
    ['endsWith', 'app.example.com'],
    ['endsWith', '-team.example.com'],
    ['endsWith', ''],
  ] as const)('finds nobody else who passes %s(%j)', (method, text) => {
    expect(findPartialMatchFlaw(method, text, 'origin')).toBeUndefined();
  });

  it('takes what everybody can have for likely only', () => {
    expect(findPartialMatchFlaw('endsWith', '.vercel.app', 'host')).toEqual({ kind: 'shared', example: 'evil.vercel.app', certainty: 'potential' });
  });
});
