import { describe, expect, it } from 'vitest';
import { applyEdits } from '../../../codemods/runner/apply-edits.js';
import { mapOffset } from '../../../codemods/runner/map-offset.js';

describe('applyEdits', () => {
  it('applies edits in the order of the text, however they are given', () => {
    const edits = [
      { start: 8, end: 11, text: 'C' },
      { start: 0, end: 3, text: 'A' },
    ];
    expect(applyEdits('one two three', edits)).toBe('A two Cee');
  });

  it('keeps every byte outside the edits', () => {
    expect(applyEdits('\tа\r\n😀 b \r\n', [{ start: 7, end: 8, text: 'c' }])).toBe('\tа\r\n😀 c \r\n');
  });

  it('keeps the order of insertions at one place', () => {
    const edits = [
      { start: 1, end: 1, text: '1' },
      { start: 1, end: 1, text: '2' },
    ];
    expect(applyEdits('ab', edits)).toBe('a12b');
  });

  it('inserts before a replacement that starts at the same place', () => {
    const edits = [
      { start: 1, end: 2, text: 'B' },
      { start: 1, end: 1, text: '+' },
    ];
    expect(applyEdits('abc', edits)).toBe('a+Bc');
  });

  it('refuses edits that overlap', () => {
    const edits = [
      { start: 0, end: 2, text: '' },
      { start: 1, end: 3, text: '' },
    ];
    expect(() => applyEdits('abc', edits)).toThrow('Edit [1, 3) overlaps one that ends at 2.');
  });

  it('takes edits that meet without overlapping', () => {
    const edits = [
      { start: 0, end: 2, text: 'x' },
      { start: 2, end: 3, text: 'y' },
    ];
    expect(applyEdits('abc', edits)).toBe('xy');
  });

  it.each([
    ['behind the text', { start: 2, end: 9, text: '' }],
    ['before the text', { start: -1, end: 0, text: '' }],
    ['backwards', { start: 2, end: 1, text: '' }],
  ])('refuses an edit that lies %s', (_, edit) => {
    expect(() => applyEdits('abc', [edit])).toThrow('outside the text');
  });
});

describe('mapOffset', () => {
  const text = 'const res = fetch(url);';

  it('shifts what stands behind an edit and leaves what stands before it', () => {
    const edits = [{ start: 6, end: 9, text: 'response' }];
    expect(mapOffset(0, edits, text).exact).toBe(0);
    expect(mapOffset(12, edits, text).exact).toBe(17);
  });

  it('pushes a place back by what is inserted in front of it', () => {
    expect(mapOffset(12, [{ start: 12, end: 12, text: 'await ' }], text).exact).toBe(18);
  });

  it('keeps a place in the head or the tail that a replacement leaves as it was', () => {
    const edits = [{ start: 12, end: 22, text: 'fetch(url, init)' }];
    expect(mapOffset(13, edits, text).exact).toBe(13);
    expect(mapOffset(21, edits, text).exact).toBe(27);
  });

  it('gives only a range for a place that was rewritten', () => {
    expect(mapOffset(12, [{ start: 12, end: 22, text: 'send(fetch, 1)' }], text)).toEqual({ exact: undefined, start: 12, end: 26 });
  });
});
