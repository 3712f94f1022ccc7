import type { Certainty } from '../finding.js';

/** A condition on an argument whose value is fixed in the text: `{ argument: 0, equals: ['data'] }`. */
export interface ArgumentCondition {
  /** Index from 0; negative counts from the end. Absent: any argument. */
  readonly argument?: number;
  /** The property of an object argument; absent: the argument itself. */
  readonly property?: string;
  /** Absent: any value, as long as the property is there. */
  readonly equals?: readonly (string | number | boolean)[];
  /** Instead of `equals`: the value is a member with one of these names, of something else than `process`: `child.stdout`. */
  readonly members?: readonly string[];
}

export type MethodEffect =
  /** The resource is given back, or is being consumed to its end. */
  | 'release'
  /** The method looks at the resource or works on it and leaves it held. */
  | 'borrow'
  /** The method returns the resource itself. */
  | 'self'
  /** The method returns the resource itself, and calls its callback before long: a callback that uses the resource has it. */
  | 'notify'
  /** The method returns a part of the resource, or a promise of it. */
  | { readonly part: string; readonly isPromise?: boolean }
  /** The effect where an argument has one of the values; `otherwise` elsewhere. */
  | { readonly when: ArgumentCondition; readonly effect: MethodEffect; readonly otherwise: MethodEffect };

/** What the members of a resource, or of one of its parts, do with the obligation. */
export interface MemberTable {
  readonly methods?: Readonly<Record<string, MethodEffect>>;
  /** Properties that are the same resource under another name; the value names an entry of `parts`, or is `resource` where the property is as good as the whole. */
  readonly properties?: Readonly<Record<string, string>>;
  /** What a method that is not listed does: hand the resource to somebody unknown, or leave it held. */
  readonly otherMethods?: 'unknown' | 'borrow';
}

export interface Part extends MemberTable {
  /** The part may be null, and the resource is then released: `res.body`. */
  readonly isNullable?: boolean;
  /** Holding the part does not keep the resource: it only tells something about it. */
  readonly isView?: boolean;
  /** The truth of the part tells that the resource is released: `done` of a read result. */
  readonly releasedWhen?: 'truthy' | 'falsy';
  /** The part is a function, and calling it releases the resource: `cleanup` of `const { path, cleanup } = await tmp.dir()`. */
  readonly isReleaser?: boolean;
  /** Iterating over the part to the end, or leaving the iteration early, releases the resource. */
  readonly isIterable?: boolean;
}

/** A test of a property that shows that nothing is held any more: a 204 has no body. */
export interface Refinement {
  readonly property: string;
  readonly equals?: readonly (string | number | boolean)[];
  readonly is?: 'truthy' | 'falsy';
}

export interface Acquisition {
  /** Origins of the called function, as `SourceFile.getOrigin` writes them; `axios:*` is any member. */
  readonly calls?: readonly string[];
  /** `new X(…)` instead of a call. */
  readonly isConstructor?: boolean;
  /** Names of methods of a value that is this resource already; the result is a further resource. */
  readonly derivedBy?: readonly string[];
  /** Only with such an argument. A spread or a variable in its place is unknown, hence no acquisition. */
  readonly only?: ArgumentCondition;
  /** Not with such an argument. */
  readonly unless?: ArgumentCondition;
  /**
   * How the resource arrives: as a promise, as the value, as a parameter of the last argument that is a function, or
   * as the argument itself, which names what the call creates (`writeFile(path, …)`), or as the object whose method
   * is called (`client.connect()`), or with the error by which the promise is rejected.
   */
  readonly yields: 'promise' | 'value' | 'callback' | 'argument' | 'receiver' | 'rejection';
  /**
   * Of `yields: 'promise'`: the property of what comes that is the resource, `0` of `const [res] = await once(req, 'response')`.
   * Of `yields: 'rejection'`: the entry of `parts` that the error is.
   */
  readonly member?: string;
  /** Of `yields: 'callback'` and `'argument'`: which parameter or argument, from 0. */
  readonly parameter?: number;
  /** Of `yields: 'callback'`: the parameter that is an error when nothing was acquired. */
  readonly errorParameter?: number;
  /** Of `yields: 'argument'`: the argument must be a path below a shared temporary folder, `fresh` where only a name counts that differs from run to run. Another may be meant to stay. */
  readonly isTemporaryPath?: boolean | 'fresh';
  /** Of `yields: 'argument'`: only where the same function releases the same path, which shows that it is not meant to stay. */
  readonly isReleasedElsewhere?: boolean;
  /**
   * Calls that, made once anywhere in a program, have everything of this origin given back at the end of the process.
   * A file that makes one owes nothing; in another, a loss is certain only where another path of the function releases.
   */
  readonly backedUpBy?: readonly string[];
  /** Only of an object that the function has not made itself, and that therefore lives longer. */
  readonly isOfLongerLived?: boolean;
  /** Made once for the whole program more often than not: a loss is certain only where another path of the function releases. */
  readonly mayStay?: boolean;
  /**
   * Of `yields: 'receiver'`: the object outlives the function, and others may release through it. Any expression will do
   * as long as the release is written the same, and a loss is certain only where another path of the function releases.
   */
  readonly isSharedReceiver?: boolean;
  readonly certainty?: Certainty;
}

/** A function that takes a resource as an argument and gives it back: `fs.closeSync(fd)`. */
export interface Releaser {
  readonly calls: readonly string[];
  readonly argument: number;
}

/** A function whose result is a part of its argument: `path.join(dir, name)` is a path inside of `dir`. */
export interface Derivation {
  readonly calls: readonly string[];
  /** The part that results, or `'resource'`: `path.dirname(file)` is the folder again. */
  readonly part: string;
  /** Only for an argument that is this part. */
  readonly from?: string;
}

/** A kind of resource: how it is acquired, what gives it back. Plain data, so that users can declare their own. */
export interface ResourceKind extends MemberTable {
  /** Short and unique: `response-body`. */
  readonly id: string;
  /** For messages, after "The": `response body`. */
  readonly label: string;
  /** A file without any of these words cannot acquire one. */
  readonly triggers: readonly string[];
  readonly acquisitions: readonly Acquisition[];
  readonly parts?: Readonly<Record<string, Part>>;
  readonly releasers?: readonly Releaser[];
  readonly derivations?: readonly Derivation[];
  /** The part that a text with the resource in it is: a template or a concatenation. */
  readonly textPart?: string;
  /** Functions that work with the resource they get and leave it with the caller; patterns as in `calls`. */
  readonly borrowers?: readonly string[];
  /** The resource is a function, and calling it gives back what it stands for: the result of `mutex.acquire()`. */
  readonly isReleasedByCall?: boolean;
  /**
   * A resource that may rightly live as long as the process (a server, a watcher): losing it is certain only where
   * another path of the same function gives it back, which shows that it is meant to be; for an exception that nothing in
   * the text announces, only where every other path does.
   */
  readonly isLongLived?: boolean;
  /** With `isLongLived`: it does nothing of its own, so that one that no field and no listener keeps is lost with its variable. */
  readonly isIdle?: boolean;
  /**
   * With `isLongLived`: it may have ended by itself. A loss is certain only where every way through that does not fail
   * ends it, and nothing on the losing path asks how it is.
   */
  readonly endsByItself?: boolean;
  /**
   * What a call does with the resource as an argument when nothing is known of the function: it may take it over
   * (default), or, for mere names of things such as paths, it works with it and the caller goes on owning it.
   */
  readonly onUnknownCall?: 'handed-over' | 'borrowed';
  /** With `onUnknownCall: 'borrowed'`: a regular expression for names of functions that give the resource back. */
  readonly releaserNames?: string;
  /** Whether lists of it are followed as well: `urls.map((url) => fetch(url))`. */
  readonly isFollowedInLists?: boolean;
  /** Whether the abort signal that an acquisition is given ends it at any time. */
  readonly isEndedBySignal?: boolean;
  readonly refinements?: readonly Refinement[];
  /** Types whose values are this resource, for files with type information: a name, and members that tell namesakes apart. */
  readonly types?: readonly { readonly name: string; readonly members: readonly string[] }[];
  /** Every value whose type has `Symbol.dispose` or `Symbol.asyncDispose` and that no other kind knows. Needs type information. */
  readonly isAnyDisposable?: boolean;
  /** Words whose comparison shows that nothing is held: `method === 'HEAD'`. */
  readonly harmlessWords?: readonly string[];
  /** What `typeof` says of it; `object` where nothing is said. */
  readonly typeOf?: 'object' | 'string' | 'number' | 'function';
  /** `using` and `await using` release it. */
  readonly isDisposable?: boolean;
  /**
   * How sure a loss on an implicit exception is (one that a call may or may not throw): certain for what outlives the
   * process (files), potential where the collector or a timeout mends it.
   */
  readonly onImplicitException: Certainty;
  /**
   * A resource kept in `this.field`: `owned` by the class, which is at fault when no method releases the field; `ended`
   * with the object, which is at fault when it has a method that ends it and none that releases the field; or
   * `handed-over`, which ends what is known of it. Default: `handed-over`.
   */
  readonly fields?: 'owned' | 'ended' | 'handed-over';
  /** In code for browsers a loss is at most potential: the page and its collector take it back. */
  readonly isBrowserHarmless?: boolean;
  /**
   * Whether a property that only this kind has (`ok` with `text()`) identifies a value: a result of a wrapper such as
   * `retry(() => fetch(url))` counts as this resource when its use shows it.
   */
  readonly evidence?: { readonly strong: readonly string[]; readonly weak: readonly string[] };
}
