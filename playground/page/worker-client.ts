import type { Answers, Draft, Question, Request, Response } from '../engine/messages.js';

interface Asked {
  readonly draft: Draft;
  readonly resolve: (outcome: Outcome<never>) => void;
}

/** `superseded`: a later draft was asked about before this one had its turn. */
export type Outcome<Answer> = { readonly status: 'answered'; readonly answer: Answer } | { readonly status: 'failed'; readonly error: string } | { readonly status: 'superseded' };

/** Asks one kind of question of a worker of its own: one draft at a time, and of those that wait only the last. */
export class WorkerClient<Name extends Question> {
  readonly #url: string;
  readonly #question: Name;
  readonly #limit: number;
  #worker: Worker | undefined;
  #current: (Asked & { readonly id: number; readonly timer: ReturnType<typeof setTimeout> }) | undefined;
  #next: Asked | undefined;
  #lastId = 0;

  /** `limit`: milliseconds after which a worker that does not answer is ended; the next question starts another. */
  constructor(url: string, question: Name, limit: number) {
    this.#url = url;
    this.#question = question;
    this.#limit = limit;
  }

  ask(draft: Draft): Promise<Outcome<Answers[Name]>> {
    this.#next?.resolve({ status: 'superseded' });
    return new Promise((resolve) => {
      this.#next = { draft, resolve };
      this.#goOn();
    });
  }

  close(): void {
    this.#stop();
    this.#next?.resolve({ status: 'superseded' });
    this.#next = undefined;
  }

  #goOn(): void {
    const next = this.#next;
    if (this.#current || !next) return;
    this.#next = undefined;
    this.#lastId += 1;
    const timer = setTimeout(() => this.#fail(`No answer within ${this.#limit / 1000} seconds.`), this.#limit);
    this.#current = { ...next, id: this.#lastId, timer };
    const request: Request = { id: this.#lastId, question: this.#question, draft: next.draft };
    this.#getWorker().postMessage(request);
  }

  #getWorker(): Worker {
    if (this.#worker) return this.#worker;
    const worker = new Worker(this.#url, { type: 'module' });
    worker.onmessage = ({ data }: MessageEvent<Response>) => this.#receive(data);
    worker.onerror = ({ message }) => this.#fail(message || 'The worker could not be loaded.');
    this.#worker = worker;
    return worker;
  }

  #receive(response: Response): void {
    if (response.id !== this.#current?.id) return;
    if ('error' in response) this.#settle({ status: 'failed', error: response.error });
    else this.#settle({ status: 'answered', answer: response.answer as never });
  }

  #fail(error: string): void {
    this.#worker?.terminate();
    this.#worker = undefined;
    this.#settle({ status: 'failed', error });
  }

  #stop(): void {
    this.#worker?.terminate();
    this.#worker = undefined;
    if (this.#current) clearTimeout(this.#current.timer);
    this.#current?.resolve({ status: 'superseded' });
    this.#current = undefined;
  }

  #settle(outcome: Outcome<never>): void {
    if (this.#current) clearTimeout(this.#current.timer);
    this.#current?.resolve(outcome);
    this.#current = undefined;
    this.#goOn();
  }
}
