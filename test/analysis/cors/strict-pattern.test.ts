import { describe, expect, it } from 'vitest';
import type { PartialMatch } from '../../../analysis/cors/partial-match-flaw.js';
import { findPatternFlaw } from '../../../analysis/cors/pattern-flaw.js';
import { getStrictRule, getStrictSource } from '../../../analysis/cors/strict-pattern.js';

/** Strangers; none of them may pass what a loose comparison is turned into. */
const STRANGERS = [
  'https://evil.example',
  'https://example.com.evil.example',
  'https://evilexample.com',
  'https://evil-example.com',
  'https://app.evilexample.com',
  'https://evilapp.example.org',
  'https://appxexample.com',
  'https://examplexcom',
  'https://localhost.evil.example',
  'https://evil.example/example.com',
  'https://example.com@evil.example',
  'null',
  '',
];

describe('getStrictRule', () => {
  const cases: readonly (readonly [PartialMatch, string, readonly string[]])[] = [
    ['endsWith', 'example.com', ['https://example.com', 'http://example.com', 'https://app.example.com', 'https://a.b.example.com']],
    ['endsWith', 'example.com:8443', ['https://app.example.com:8443']],
    ['includes', 'example.com', ['https://example.com', 'https://app.example.com:8443', 'http://app.example.com']],
    ['includes', '.example.com', ['https://app.example.com', 'https://a.b.example.com']],
    ['includes', '://example.com', ['https://example.com', 'http://example.com']],
    ['includes', 'localhost', ['http://localhost', 'http://localhost:3000']],
    ['startsWith', 'https://example.com', ['https://example.com']],
    ['startsWith', 'http://localhost', ['http://localhost', 'http://localhost:5173']],
  ];

  it.each(cases)('lets in with %s(%j) whom it was meant for, and no stranger', (method, text, meant) => {
    const rule = getStrictRule(method, text, 'origin')!;
    const lets = 'origin' in rule ? (origin: string) => origin === rule.origin : (origin: string) => new RegExp(rule.source).test(origin);
    expect(meant.filter((origin) => !origin[method](text))).toEqual([]);
    expect(meant.filter((origin) => !lets(origin))).toEqual([]);
    expect(STRANGERS.filter(lets)).toEqual([]);
    if ('source' in rule) expect(findPatternFlaw(rule.source, '', 'origin')).toBeUndefined();
  });

  it.each([
    ['includes', 'vercel'],
    ['includes', 'example.com/path'],
    ['startsWith', 'https://app.'],
    ['startsWith', 'example.com'],
    ['endsWith', '/'],
  ] as const)('does not guess what %s(%j) is for', (method, text) => {
    expect(getStrictRule(method, text, 'origin')).toBeUndefined();
  });
});

describe('getStrictSource', () => {
  it.each([
    [/example\.com/, ['https://example.com', 'https://app.example.com:8443']],
    [/^https:\/\/app\.example\.com/, ['https://app.example.com', 'https://app.example.com:8443']],
    [/example\.com$/, ['https://example.com', 'http://app.example.com']],
    [/.*\.example\.com/, ['https://app.example.com', 'https://a.b.example.com']],
    [/^https:\/\/.*example\.com$/, ['https://example.com', 'https://app.example.com']],
    [/^https:\/\/app.example.com$/, ['https://app.example.com']],
    [/:\/\/localhost/, ['http://localhost', 'http://localhost:3000']],
    [/^https?:\/\/localhost:?\d*/, ['http://localhost', 'http://localhost:3000']],
    [/^https:\/\/example\.com|^https:\/\/app\.example\.com/, ['https://example.com', 'https://app.example.com']],
  ])('mends %s for those it is meant for', (pattern, meant) => {
    const source = getStrictSource(pattern.source, pattern.flags, 'origin');
    expect(source).toBeDefined();
    const strict = new RegExp(source!, pattern.flags);
    expect(meant.filter((origin) => !pattern.test(origin))).toEqual([]);
    expect(meant.filter((origin) => !strict.test(origin))).toEqual([]);
    expect(STRANGERS.filter((origin) => strict.test(origin))).toEqual([]);
    expect(findPatternFlaw(source!, pattern.flags, 'origin')).toBeUndefined();
  });

  it('leaves a pattern alone where it cannot tell what it is meant for', () => {
    expect(getStrictSource('^https:\\/\\/[\\w-]+\\.vercel\\.app', '', 'origin')).toBeUndefined();
    expect(getStrictSource('(?<!evil)example\\.com', '', 'origin')).toBeUndefined();
  });
});
