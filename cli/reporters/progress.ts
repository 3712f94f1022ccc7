import type { Io } from '../context.js';

/** Milliseconds between two updates of the line. */
const INTERVAL = 100;

/** One line that counts on standard error; nothing at all where that is no terminal. */
export class Progress {
  readonly #stream: Io['stderr'];
  readonly #verb: string;
  readonly #total: number;
  #last = 0;
  #isShown = false;

  constructor(stream: Io['stderr'], verb: string, total: number) {
    this.#stream = stream;
    this.#verb = verb;
    this.#total = total;
  }

  update(done: number): void {
    if (!this.#stream.isTTY || Date.now() - this.#last < INTERVAL) return;
    this.#last = Date.now();
    this.#isShown = true;
    this.#stream.write(`\r\u001B[K${this.#verb} ${done} of ${this.#total} files`);
  }

  /** Removes the line, so that what comes next starts at the margin. */
  clear(): void {
    if (this.#isShown) this.#stream.write('\r\u001B[K');
    this.#isShown = false;
  }
}
