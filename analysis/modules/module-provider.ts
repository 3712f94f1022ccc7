import type { SourceFile } from '../source-file.js';

/** A source file that another one imports. */
export interface Module {
  /** Absolute. */
  readonly path: string;
  readonly text: string;
  /** Parsed at the first question; undefined where the text does not parse. Its own imports can be followed, too. */
  readonly file: SourceFile | undefined;
}

/**
 * How the analysis reaches the files around the one that is linted; the host reads them. Absent where nothing can be
 * read (a browser): calls of imported functions are then unknown, hence silent.
 */
export interface ModuleProvider {
  /** Another number than before once a file may have changed since it was looked at. */
  readonly generation: number;
  /**
   * The file that a relative specifier names in a file; undefined where there is none or it cannot be read. The same
   * object comes back for as long as the file does not change, so that what was concluded from it can be kept by it.
   */
  find(specifier: string, from: string): Module | undefined;
  /** The file at an absolute path, under the same terms. */
  open(path: string): Module | undefined;
}
