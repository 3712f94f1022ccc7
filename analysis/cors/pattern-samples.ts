/** One character of a sample and how the pattern asks for it. */
export interface SampleChar {
  readonly text: string;
  /** `fixed`: this character and no other. `dot`: a lone `.` that was not escaped. `any`: one of several. */
  readonly from: 'fixed' | 'dot' | 'any';
}

type Atom =
  | { readonly kind: 'char'; readonly char: SampleChar }
  | { readonly kind: 'group'; readonly branches: readonly (readonly Item[])[] }
  | { readonly kind: 'empty' };

interface Item {
  readonly atom: Atom;
  readonly min: number;
  readonly max: number;
}

const MAX_SAMPLES = 48;

/**
 * A few texts that a regular expression matches: one for each branch, with and without its optional parts, and only the
 * matched part itself. Undefined for what the reader of patterns does not know (look-around, back references, `v` sets).
 * Grammar: https://tc39.es/ecma262/#sec-patterns
 */
export function getPatternSamples(source: string): (readonly SampleChar[])[] | undefined {
  try {
    const reader = new Reader(source);
    const branches = reader.readBranches();
    if (!reader.isAtEnd) return undefined;
    return expandBranches(branches).slice(0, MAX_SAMPLES);
  } catch (error) {
    if (error instanceof UnknownSyntax) return undefined;
    throw error;
  }
}

class UnknownSyntax extends Error {}

class Reader {
  readonly #source: string;
  #at = 0;

  constructor(source: string) {
    this.#source = source;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#source.length;
  }

  readBranches(): Item[][] {
    const branches: Item[][] = [[]];
    while (!this.isAtEnd && this.#peek() !== ')') {
      if (this.#peek() === '|') {
        this.#at++;
        branches.push([]);
        continue;
      }
      const atom = this.#readAtom();
      const [min, max] = this.#readQuantifier();
      branches.at(-1)!.push({ atom: max === 1 && min === 1 ? atom : quantified(atom), min, max });
    }
    return branches;
  }

  #peek(): string | undefined {
    return this.#source[this.#at];
  }

  #next(): string {
    const char = this.#source[this.#at++];
    if (char === undefined) throw new UnknownSyntax();
    return char;
  }

  #readAtom(): Atom {
    const char = this.#next();
    switch (char) {
      case '^':
      case '$':
        return { kind: 'empty' };
      case '.':
        return { kind: 'char', char: { text: '.', from: 'dot' } };
      case '(':
        return this.#readGroup();
      case '[':
        return { kind: 'char', char: this.#readClass() };
      case '\\':
        return this.#readEscape();
      default:
        return { kind: 'char', char: { text: char, from: 'fixed' } };
    }
  }

  #readGroup(): Atom {
    if (this.#peek() === '?') {
      const head = /^\?(?::|<[A-Za-z_$][\w$]*>)/.exec(this.#source.slice(this.#at));
      if (!head) throw new UnknownSyntax();
      this.#at += head[0].length;
    }
    const branches = this.readBranches();
    if (this.#next() !== ')') throw new UnknownSyntax();
    return { kind: 'group', branches };
  }

  #readEscape(): Atom {
    const char = this.#next();
    if (char === 'b' || char === 'B') return { kind: 'empty' };
    if (char in ESCAPES) return { kind: 'char', char: { text: ESCAPES[char]!, from: 'any' } };
    if (/[A-Za-z0-9]/.test(char)) throw new UnknownSyntax();
    return { kind: 'char', char: { text: char, from: 'fixed' } };
  }

  #readClass(): SampleChar {
    const start = this.#at;
    while (this.#peek() !== ']') if (this.#next() === '\\') this.#next();
    const body = this.#source.slice(start, this.#at++);
    if (/^(?:\\.|[^\\])$/.test(body) && !/^\\[A-Za-z0-9]/.test(body) && body !== '^') return { text: body.at(-1)!, from: 'fixed' };
    let members: RegExp;
    try {
      members = new RegExp(`^[${body}]$`);
    } catch {
      throw new UnknownSyntax();
    }
    const text = [...'a1-.:/x'].find((candidate) => members.test(candidate));
    if (text === undefined) throw new UnknownSyntax();
    return { text, from: 'any' };
  }

  #readQuantifier(): [number, number] {
    const match = /^(?:[*+?]|\{(\d+)(,(\d*))?\})\??/.exec(this.#source.slice(this.#at));
    if (!match) return [1, 1];
    this.#at += match[0].length;
    const [text, least, comma, most] = match;
    if (text[0] === '*') return [0, Infinity];
    if (text[0] === '+') return [1, Infinity];
    if (text[0] === '?') return [0, 1];
    return [Number(least), comma === undefined ? Number(least) : most ? Number(most) : Infinity];
  }
}

const ESCAPES: Readonly<Record<string, string>> = { d: '1', w: 'a', s: ' ', D: 'a', W: '-', S: 'a' };

/** A repeated `.` stands for any text, not for a dot that somebody forgot to escape. */
function quantified(atom: Atom): Atom {
  if (atom.kind === 'char' && atom.char.from === 'dot') return { kind: 'char', char: { text: 'a', from: 'any' } };
  return atom;
}

function expandBranches(branches: readonly (readonly Item[])[]): (readonly SampleChar[])[] {
  return branches.flatMap((items) => expandItems(items)).slice(0, MAX_SAMPLES);
}

function expandItems(items: readonly Item[]): (readonly SampleChar[])[] {
  let samples: (readonly SampleChar[])[] = [[]];
  for (const { atom, min, max } of items) {
    const pieces = expandAtom(atom);
    const repeated: (readonly SampleChar[])[] = [];
    for (const count of new Set([Math.max(min, Math.min(1, max)), min])) {
      if (count === 0) repeated.push([]);
      else repeated.push(...pieces.map((piece) => Array.from({ length: Math.min(count, 40) }, () => piece).flat()));
    }
    samples = samples.flatMap((sample) => repeated.map((piece) => [...sample, ...piece])).slice(0, MAX_SAMPLES);
  }
  return samples;
}

function expandAtom(atom: Atom): (readonly SampleChar[])[] {
  if (atom.kind === 'empty') return [[]];
  return atom.kind === 'char' ? [[atom.char]] : expandBranches(atom.branches);
}
