import type { SourceFile as AnalysedFile, TypeProvider } from 'watertight-analysis';
import type { ts } from 'ts-morph';
import type { SkipReason } from '../types.js';

/** Why something must stay as it is, in one clause without a full stop. */
export interface Block {
  readonly reason: SkipReason;
  readonly detail: string;
  /** Set when a change was tried and did not pass the proof. */
  readonly isFailure?: boolean;
}

/** What threading asks of the world; every answer is a function of the texts. */
export interface ThreadFacts {
  readonly program: ts.Program;
  /** A file as the analysis sees it; undefined where it does not parse. */
  readonly parse: (path: string, text: string, types?: TypeProvider) => AnalysedFile | undefined;
  /** Why a file must not be changed: it was not asked for, it is generated, a declaration file. */
  readonly findRefusal: (path: string) => Block | undefined;
  /** Tests neither start nor hand on what can be aborted. */
  readonly isTest: (path: string) => boolean;
}

/** A call that an abort ought to reach, below a function that has a signal. Offsets are those of the text. */
export interface ThreadSite {
  readonly path: string;
  readonly start: number;
  readonly end: number;
  /** How the called function is written: `fetch`, `this.client.get`. */
  readonly call: string;
  /** Why no signal gets there; undefined where one does. */
  readonly block?: Block | undefined;
}

export interface ThreadPlan {
  /** The new texts of the files that change. */
  readonly texts: ReadonlyMap<string, string>;
  readonly sites: readonly ThreadSite[];
  /** The functions that take a signal now, by their keys, with their names. */
  readonly takers: ReadonlyMap<string, string>;
  /** The keys of the functions that pass the signal that they have. */
  readonly givers: ReadonlySet<string>;
}
