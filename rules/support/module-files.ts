import type { Module, ModuleProvider, SourceFile } from 'watertight-analysis';

type FileSystem = typeof import('node:fs');
type Paths = typeof import('node:path');

/** Turns the text of a file into what the analysis reads; undefined where it does not parse. */
export type ParseModule = (path: string, text: string, modules: ModuleProvider) => SourceFile | undefined;

/** Texts longer than this are not written by hand. */
const MAX_SIZE = 400_000;
/** Parsed files are large, texts are not; those that were used longest ago are let go. */
const MAX_PARSED = 200;
const MAX_TEXTS = 5000;
const EXTENSIONS = ['.ts', '.tsx', '.mts', '.cts', '.js', '.jsx', '.mjs', '.cjs'];
/** What the specifier of a TypeScript file may end in, once it is compiled. */
const SOURCES: Readonly<Record<string, readonly string[]>> = { '.js': ['.ts', '.tsx'], '.jsx': ['.tsx'], '.mjs': ['.mts'], '.cjs': ['.cts'] };

/**
 * The files of the disk as modules. A file is looked at once for each file that is linted, and read again only when its
 * time of change or its size is another.
 */
export class ModuleFiles implements ModuleProvider {
  readonly #fs: FileSystem;
  readonly #paths: Paths;
  readonly #parse: ParseModule;
  readonly #modules = new Map<string, DiskModule>();
  readonly #parsed = new Map<string, SourceFile>();
  /** By the path of the asking file and its specifier. */
  readonly #found = new Map<string, Map<string, Module | undefined>>();
  readonly #looked = new Map<string, DiskModule | undefined>();
  generation = 0;

  constructor(fs: FileSystem, paths: Paths, parse: ParseModule) {
    this.#fs = fs;
    this.#paths = paths;
    this.#parse = parse;
  }

  /** From now on what is known of the disk counts as old. */
  refresh(): void {
    this.generation++;
    this.#found.clear();
    this.#looked.clear();
  }

  /** Takes over what the host has parsed itself, should the file turn out to have the same text. */
  adopt(file: SourceFile): void {
    if (file.filename === undefined || file.types) return;
    this.#keep(file.filename, file);
  }

  find(specifier: string, from: string): Module | undefined {
    let ofFile = this.#found.get(from);
    if (!ofFile) this.#found.set(from, (ofFile = new Map<string, Module | undefined>()));
    if (!ofFile.has(specifier)) ofFile.set(specifier, this.#resolve(specifier, from));
    return ofFile.get(specifier);
  }

  #resolve(specifier: string, from: string): Module | undefined {
    if (!specifier.startsWith('.') || !this.#paths.isAbsolute(from)) return undefined;
    for (const path of this.#getCandidates(this.#paths.resolve(this.#paths.dirname(from), specifier))) {
      const module = this.open(path);
      if (module) return module;
    }
    return undefined;
  }

  open(path: string): Module | undefined {
    if (this.#looked.has(path)) return this.#looked.get(path);
    const module = this.#read(path);
    this.#looked.set(path, module);
    return module;
  }

  #getCandidates(base: string): string[] {
    const extension = this.#paths.extname(base);
    if (EXTENSIONS.includes(extension)) {
      const stem = base.slice(0, -extension.length);
      return [...(SOURCES[extension] ?? []).map((source) => stem + source), base];
    }
    return [...EXTENSIONS.map((added) => base + added), ...EXTENSIONS.map((added) => this.#paths.join(base, `index${added}`))];
  }

  #read(path: string): DiskModule | undefined {
    try {
      const stat = this.#fs.statSync(path, { throwIfNoEntry: false });
      if (!stat?.isFile() || stat.size > MAX_SIZE) return undefined;
      const version = `${stat.mtimeMs} ${stat.size} ${stat.ino}`;
      const known = this.#modules.get(path);
      this.#modules.delete(path);
      const module = known?.version === version ? known : this.#load(path, version);
      this.#modules.set(path, module);
      dropOldest(this.#modules, MAX_TEXTS);
      return module;
    } catch {
      // Not ours to read: then nothing is known of it.
      return undefined;
    }
  }

  #load(path: string, version: string): DiskModule {
    const text = this.#fs.readFileSync(path, 'utf8').replace(/^\uFEFF/, '');
    return new DiskModule(path, version, text, () => {
      const known = this.#parsed.get(path);
      const parsed = known?.text === text ? known : this.#parse(path, text, this);
      if (parsed) this.#keep(path, parsed);
      return parsed;
    });
  }

  #keep(path: string, file: SourceFile): void {
    this.#parsed.delete(path);
    this.#parsed.set(path, file);
    dropOldest(this.#parsed, MAX_PARSED);
  }
}

function dropOldest(kept: Map<string, unknown>, most: number): void {
  const [oldest] = kept.keys();
  if (kept.size > most && oldest !== undefined) kept.delete(oldest);
}

class DiskModule implements Module {
  readonly path: string;
  readonly text: string;
  readonly version: string;
  readonly #parse: () => SourceFile | undefined;
  #isBroken = false;

  constructor(path: string, version: string, text: string, parse: () => SourceFile | undefined) {
    this.path = path;
    this.version = version;
    this.text = text;
    this.#parse = parse;
  }

  get file(): SourceFile | undefined {
    // Not held here: the file is let go when others are used more.
    const file = this.#isBroken ? undefined : this.#parse();
    this.#isBroken = file === undefined;
    return file;
  }
}
