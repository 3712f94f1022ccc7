import { afterEach, expect, test } from 'vitest';
import { exposeInEnv } from 'watertight-runtime';

const NAME = 'EXPOSE_TEST';
afterEach(() => {
  delete process.env[NAME];
});

test('unsets a variable that was not set', () => {
  {
    using _exposed = exposeInEnv(NAME, 'a');
    expect(process.env[NAME]).toBe('a');
  }
  expect(NAME in process.env).toBe(false);
});

test('restores the earlier value, also an empty one', () => {
  process.env[NAME] = '';
  exposeInEnv(NAME, 'a')[Symbol.dispose]();
  expect(process.env[NAME]).toBe('');
  expect(NAME in process.env).toBe(true);
});

test('nests', () => {
  process.env[NAME] = 'base';
  const outer = exposeInEnv(NAME, 'outer');
  const inner = exposeInEnv(NAME, 'inner');
  inner[Symbol.dispose]();
  expect(process.env[NAME]).toBe('outer');
  outer[Symbol.dispose]();
  expect(process.env[NAME]).toBe('base');
});

test('ends in any order without bringing an ended value back', () => {
  const [a, b, c] = ['a', 'b', 'c'].map((value) => exposeInEnv(NAME, value));
  a![Symbol.dispose]();
  expect(process.env[NAME]).toBe('c');
  c![Symbol.dispose]();
  expect(process.env[NAME]).toBe('b');
  b![Symbol.dispose]();
  expect(NAME in process.env).toBe(false);
});

test('disposing twice changes nothing', () => {
  const exposed = exposeInEnv(NAME, 'a');
  exposed[Symbol.dispose]();
  process.env[NAME] = 'later';
  exposed[Symbol.dispose]();
  expect(process.env[NAME]).toBe('later');
});

test.each([['', 'a'], ['A=B', 'a'], ['A\0', 'a'], [NAME, 'a\0b']])('refuses %j = %j and changes nothing', (name, value) => {
  expect(() => exposeInEnv(name, value)).toThrow(TypeError);
  expect(NAME in process.env).toBe(false);
});

test('100 users x 10 exposures of one variable, ended in random order, leave the first value', async () => {
  process.env[NAME] = 'base';
  let random = 7;
  await Promise.all(Array.from({ length: 100 }, async (_, user) => {
    for (let i = 0; i < 10; i++) {
      using _exposed = exposeInEnv(NAME, `${user}/${i}`);
      random = (random * 16_807) % 2_147_483_647;
      await new Promise((resolve) => setTimeout(resolve, random % 4));
      expect(process.env[NAME]).not.toBe('base');
    }
  }));
  expect(process.env[NAME]).toBe('base');
});
