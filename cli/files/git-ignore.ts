import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import ignoreModule, { type Ignore } from 'ignore';

// The package is CommonJS, and its types speak of the ES module.
const ignore = ignoreModule.default;

/**
 * What Git leaves out: the `.gitignore` of each directory from the top of the repository down, and `.git/info/exclude`.
 * Outside a repository only the files at and below the working directory count.
 */
export class GitIgnore {
  readonly #cwd: string;
  readonly #rules = new Map<string, Ignore | undefined>();
  readonly #directories = new Map<string, boolean>();
  readonly #tops = new Map<string, string>();

  constructor(cwd: string) {
    this.#cwd = cwd;
  }

  /** `file` is absolute. */
  has(file: string): boolean {
    const directory = dirname(file);
    return this.#hasDirectory(directory) || this.#matches(file, directory, '');
  }

  /** What lies in a directory that is left out is left out, whatever is said of it further down. */
  #hasDirectory(directory: string): boolean {
    let isIgnored = this.#directories.get(directory);
    if (isIgnored === undefined) {
      const parent = dirname(directory);
      const isTop = directory === this.#findTop(directory) || parent === directory;
      isIgnored = !isTop && (this.#hasDirectory(parent) || this.#matches(directory, parent, '/'));
      this.#directories.set(directory, isIgnored);
    }
    return isIgnored;
  }

  /** The deepest file that says anything about a path decides. */
  #matches(path: string, parent: string, suffix: '' | '/'): boolean {
    const top = this.#findTop(parent);
    for (let directory = parent; ; directory = dirname(directory)) {
      const rules = this.#readRules(directory, directory === top);
      const result = rules?.test(relative(directory, path).split(sep).join('/') + suffix);
      if (result?.ignored) return true;
      if (result?.unignored || directory === top || dirname(directory) === directory) return false;
    }
  }

  #readRules(directory: string, isTop: boolean): Ignore | undefined {
    if (!this.#rules.has(directory)) {
      const sources = [...(isTop ? [join(directory, '.git', 'info', 'exclude')] : []), join(directory, '.gitignore')];
      const texts = sources.filter((source) => existsSync(source)).map((source) => readFileSync(source, 'utf8'));
      this.#rules.set(directory, texts.length === 0 ? undefined : ignore().add(texts.join('\n')));
    }
    return this.#rules.get(directory);
  }

  /** The directory that holds `.git`, else the working directory, else (outside of it) the directory itself. */
  #findTop(directory: string): string {
    let top = this.#tops.get(directory);
    if (top === undefined) {
      const parent = dirname(directory);
      if (existsSync(join(directory, '.git'))) top = directory;
      else if (parent === directory) top = '';
      else top = this.#findTop(parent);
      this.#tops.set(directory, top);
    }
    if (top !== '') return top;
    const isBelow = directory === this.#cwd || directory.startsWith(this.#cwd + sep);
    return isBelow ? this.#cwd : directory;
  }
}
