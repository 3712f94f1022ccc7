import { type ChildProcess, spawn } from 'node:child_process';

interface Message {
  readonly id?: number | string;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

type Answer = (params: never) => unknown;

/** What an editor does with a language server over standard input and output: JSON-RPC with a length before each message. */
export class LanguageClient {
  readonly #process: ChildProcess;
  readonly #answers: Readonly<Record<string, Answer>>;
  readonly #waiting = new Map<number, { resolve: (result: unknown) => void; reject: (error: Error) => void }>();
  #received = Buffer.alloc(0);
  #lastId = 0;

  /** `answers` are what the client says to requests of the server, by method; to others it says null. */
  constructor(command: readonly [string, ...string[]], cwd: string, answers: Readonly<Record<string, Answer>>) {
    this.#answers = answers;
    const [program, ...args] = command;
    const { NODE_OPTIONS: _options, ...env } = process.env;
    this.#process = spawn(program, args, { cwd, env, stdio: ['pipe', 'pipe', 'inherit'] });
    this.#process.stdout!.on('data', (chunk: Buffer) => {
      this.#received = Buffer.concat([this.#received, chunk]);
      this.#readAll();
    });
  }

  request<Result>(method: string, params: unknown): Promise<Result> {
    const id = (this.#lastId += 1);
    const answer = new Promise<unknown>((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
    this.#send({ id, method, params });
    return answer as Promise<Result>;
  }

  notify(method: string, params: unknown): void {
    this.#send({ method, params });
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.#process.once('exit', resolve));
    await this.request('shutdown', null);
    this.notify('exit', null);
    await ended;
  }

  #send(message: Message): void {
    const body = JSON.stringify({ jsonrpc: '2.0', ...message });
    this.#process.stdin!.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  }

  #readAll(): void {
    for (;;) {
      const end = this.#received.indexOf('\r\n\r\n');
      const length = Number(/Content-Length: (\d+)/i.exec(this.#received.toString('latin1', 0, Math.max(0, end)))?.[1]);
      if (end === -1 || this.#received.length < end + 4 + length) return;
      const body = this.#received.toString('utf8', end + 4, end + 4 + length);
      this.#received = this.#received.subarray(end + 4 + length);
      this.#handle(JSON.parse(body) as Message);
    }
  }

  #handle({ id, method, params, result, error }: Message): void {
    if (method !== undefined) {
      if (id !== undefined) this.#send({ id, result: this.#answers[method]?.(params as never) ?? null });
      return;
    }
    const waiting = this.#waiting.get(id as number);
    this.#waiting.delete(id as number);
    if (error) waiting?.reject(new Error(error.message));
    else waiting?.resolve(result);
  }
}
