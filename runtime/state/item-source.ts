/** Takes items from an iterable of either kind, and closes it when it is left early. */
export class ItemSource<Item> {
  readonly #iterator: Iterator<Item> | AsyncIterator<Item>;
  #state: 'open' | 'busy' | 'over' = 'open';

  constructor(items: Iterable<Item> | AsyncIterable<Item>) {
    this.#iterator = Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]();
  }

  /** The next step, at once for a synchronous iterable. After a throw or a rejection the source is not to be used. */
  next(): IteratorResult<Item> | Promise<IteratorResult<Item>> {
    const step = this.#iterator.next();
    if (!('then' in step)) return this.#taken(step);
    this.#state = 'busy';
    return this.#settle(step);
  }

  /**
   * Tells the source that no further item will be taken, unless it has ended. A source that is still busy with an item
   * is told but not waited for, since it may never finish. Never rejects: the source is left because of another error.
   */
  async close(): Promise<void> {
    if (this.#state === 'over') return;
    const closing = this.#return();
    if (this.#state !== 'busy') await closing;
  }

  async #settle(step: PromiseLike<IteratorResult<Item>>): Promise<IteratorResult<Item>> {
    return this.#taken(await step);
  }

  #taken(step: IteratorResult<Item>): IteratorResult<Item> {
    this.#state = step.done ? 'over' : 'open';
    return step;
  }

  async #return(): Promise<void> {
    try {
      await this.#iterator.return?.();
    } catch {
      // Nobody is left who could act on it.
    }
  }
}
