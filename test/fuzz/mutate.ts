import type { Random } from '../analysis/support/random.js';

/** What tokens are for a mutator: words, numbers, strings on one line, and single marks. */
const TOKEN = /[\p{ID_Start}$_][\p{ID_Continue}$]*|\d[\w.]*|'[^'\n]*'|"[^"\n]*"|\s+|[^]/gu;
/** Words that change what the code around them means. */
const WORDS = ['await', 'async', 'return', 'throw', 'finally', 'yield', 'using', 'new', 'delete', 'typeof', 'const', 'let', 'this', 'super', '...', '?.', '??', '=>', '`', '${', '/*', '*/', '//', '<', '>', '#x', '@', '\\u{', '\u2028', '\uFEFF', '\0', '\uD800', 'fetch', 'signal', 'AbortController', 'setTimeout', '=', ';', '{', '}', '(', ')', '[', ']'];

type Mutation = (text: string, random: Random) => string;

function onTokens(change: (tokens: string[], random: Random) => void): Mutation {
  return (text, random) => {
    const tokens = text.match(TOKEN) ?? [];
    if (tokens.length > 0) change(tokens, random);
    return tokens.join('');
  };
}

function onLines(change: (lines: string[], random: Random) => void): Mutation {
  return (text, random) => {
    const lines = text.split('\n');
    change(lines, random);
    return lines.join('\n');
  };
}

const MUTATIONS: readonly Mutation[] = [
  onTokens((tokens, random) => tokens.splice(random.below(tokens.length), 1 + random.below(3))),
  onTokens((tokens, random) => tokens.splice(random.below(tokens.length), 0, random.pick(tokens))),
  onTokens((tokens, random) => tokens.splice(random.below(tokens.length), 0, ` ${random.pick(WORDS)} `)),
  onTokens((tokens, random) => {
    const [a, b] = [random.below(tokens.length), random.below(tokens.length)];
    [tokens[a], tokens[b]] = [tokens[b]!, tokens[a]!];
  }),
  // One name becomes another one wherever it stands.
  onTokens((tokens, random) => {
    const [from, to] = [random.pick(tokens), random.pick(tokens)];
    for (const [index, token] of tokens.entries()) if (token === from) tokens[index] = to;
  }),
  onLines((lines, random) => lines.splice(random.below(lines.length), 1 + random.below(4))),
  onLines((lines, random) => lines.splice(random.below(lines.length), 0, ...lines.slice(random.below(lines.length)).slice(0, 1 + random.below(8)))),
  onLines((lines, random) => {
    const [a, b] = [random.below(lines.length), random.below(lines.length)];
    [lines[a], lines[b]] = [lines[b]!, lines[a]!];
  }),
  (text, random) => text.slice(0, random.below(text.length + 1)),
  (text, random) => text.slice(random.below(text.length + 1)),
  (text, random) => text.replaceAll('\n', random.pick(['\r\n', '\r', '\u2028', ' ', '\n\n'])),
  (text) => `\uFEFF${text}`,
];

/** Damages a text in one to six places; most results of one change still parse, few of six do. */
export function mutate(text: string, random: Random): string {
  let mutated = text;
  for (let times = random.chance(0.6) ? 1 : 1 + random.below(6); times > 0; times -= 1) mutated = random.pick(MUTATIONS)(mutated, random);
  return mutated;
}
