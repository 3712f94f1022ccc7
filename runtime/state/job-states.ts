import { ContextualError } from '../errors/contextual-error.js';
import { KeyedLock } from './keyed-lock.js';
import type { LockOptions } from './keyed-lock.js';

/** The status of a state: the state itself if it is text, else its field `status`. */
export type StatusOf<State> = State extends string
  ? State
  : State extends { readonly status: infer Status extends string }
    ? Status
    : string;

/** What updates are held to. */
export interface JobStatesOptions<State> {
  /**
   * For each status, those that may follow it; a status without an entry is final. Staying in a status is always
   * allowed. When given, an update that breaks it is refused and changes nothing. Default: everything is allowed.
   */
  transitions?: Partial<Record<StatusOf<State>, readonly StatusOf<State>[]>>;
}

/**
 * The states of jobs, each updated by one caller at a time.
 *
 * `get`, change, `await`, `set` loses updates when two callers do it at once. `update` hands its function the state as
 * it is when the turn has come, and stores what it returns; until then nobody else can change the state of that job.
 * A function that throws changes nothing. States are values: return a new one instead of changing the one given.
 */
export class JobStates<State extends NonNullable<unknown>, Id = string> {
  readonly #states = new Map<Id, State>();
  readonly #lock = new KeyedLock<Id>();
  readonly #transitions: Partial<Record<string, readonly string[]>> | undefined;

  constructor({ transitions }: JobStatesOptions<State> = {}) {
    this.#transitions = transitions;
  }

  /** The number of jobs that have a state. */
  get size(): number {
    return this.#states.size;
  }

  /** The state at this moment; an update may be under way. */
  get(id: Id): Readonly<State> | undefined {
    return this.#states.get(id);
  }

  /** All states at this moment, as a copy that later updates do not change. */
  snapshot(): ReadonlyMap<Id, Readonly<State>> {
    return new Map(this.#states);
  }

  /**
   * Replaces the state of a job by what `change` makes of it, and resolves with the new one.
   *
   * Rejects, with the state unchanged, with what `change` throws, with the reason of `signal` when it aborts before the
   * turn of this update, with code `ILLEGAL_TRANSITION`, or with a `TypeError` when `change` returns nothing.
   * Inside `change`, do not await another update of the same job: it waits for this one.
   */
  async update(
    id: Id,
    change: (state: Readonly<State> | undefined) => State | PromiseLike<State>,
    options?: LockOptions,
  ): Promise<State> {
    return await this.#lock.run(
      id,
      async () => {
        const before = this.#states.get(id);
        const after = await change(before);
        if ((after as unknown) === undefined || (after as unknown) === null) {
          throw new TypeError(`The update of job ${String(id)} returned no state; return the new state, or use delete.`);
        }
        this.#checkTransition(id, before, after);
        this.#states.set(id, after);
        return after;
      },
      options,
    );
  }

  /**
   * Moves an existing job to the status `to`, with the fields of `change`.
   *
   * Rejects with code `UNKNOWN_JOB` when the job has no state, and as `update` does.
   */
  async transition(id: Id, to: StatusOf<State>, change?: Partial<Omit<State, 'status'>>, options?: LockOptions): Promise<State> {
    return await this.update(
      id,
      (state) => {
        if (state === undefined) throw new ContextualError(`Job ${String(id)} has no state.`, { code: 'UNKNOWN_JOB', context: { id, to } });
        return (typeof state === 'object' ? { ...state, ...change, status: to } : to) as State;
      },
      options,
    );
  }

  /** Forgets a job after the updates that were asked for before; resolves with whether it had a state. */
  async delete(id: Id, options?: LockOptions): Promise<boolean> {
    return await this.#lock.run(id, () => this.#states.delete(id), options);
  }

  #checkTransition(id: Id, before: State | undefined, after: State): void {
    if (this.#transitions === undefined || before === undefined) return;
    const from = statusOf(before);
    const to = statusOf(after);
    if (from === to || (Object.hasOwn(this.#transitions, from) && this.#transitions[from]?.includes(to))) return;
    const message = `Job ${String(id)} cannot go from ${from} to ${to}.`;
    throw new ContextualError(message, { code: 'ILLEGAL_TRANSITION', context: { id, from, to } });
  }
}

function statusOf(state: unknown): string {
  return String(typeof state === 'object' && state !== null && 'status' in state ? state.status : state);
}
