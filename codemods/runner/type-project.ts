import { dirname, join } from 'node:path';
import { Project, type SourceFile, ts } from 'ts-morph';
import { SCOPE_ERRORS } from './scope-errors.js';

/** The types of one file, before and after a change that stays in memory. */
export interface FileTypes {
  /** The file with this text, as codemods see it. The one of an earlier text is dead. */
  getSourceFile(text: string): SourceFile;
  /** Errors that `after` has and `before` has not, in the file and, when what it exports changed, in its importers. */
  findNewErrors(before: string, after: string): string[];
  /** Whether a snippet type-checks as a module of its own beside the file. */
  accepts(snippet: string): boolean;
  /** Whether new syntax is compiled away or reaches the engine; unknown without a `tsconfig.json`. */
  readonly lowering: 'lowered' | 'kept' | 'unknown';
}

export interface TypeProjectOptions {
  /** Declaration files for packages that the code under change may import before they are installed, by package. */
  readonly bundledTypes: Readonly<Record<string, string>>;
}

/** TypeScript projects by their `tsconfig.json`, each made at the first question about a file of it. */
export class TypeProjects {
  readonly #options: TypeProjectOptions;
  readonly #configs = new Map<string, ParsedConfig | undefined>();
  readonly #projects = new Map<string, TypeProject>();

  constructor(options: TypeProjectOptions) {
    this.#options = options;
  }

  /** `path` is absolute. */
  open(path: string): FileTypes {
    const config = this.findConfig(path);
    const isScript = /\.[cm]?jsx?$/.test(path);
    // Plain JavaScript is checked for names and scopes only, unless the project checks it itself.
    const key = `${config?.path ?? ''}|${isScript}`;
    let project = this.#projects.get(key);
    if (!project) {
      project = new TypeProject(config, isScript, this.#options);
      this.#projects.set(key, project);
    }
    return project.open(path);
  }

  /** The nearest `tsconfig.json` that has the file, directly or through its references; else the nearest one. */
  findConfig(path: string): ParsedConfig | undefined {
    let nearest: ParsedConfig | undefined;
    for (let directory = dirname(path); ; directory = dirname(directory)) {
      const config = this.#readConfig(join(directory, 'tsconfig.json'));
      if (config) {
        nearest ??= config;
        const candidates = [config, ...config.references.map((reference) => this.#readConfig(reference))];
        const owner = candidates.find((candidate) => candidate?.files.has(path));
        if (owner) return owner;
      }
      if (directory === dirname(directory)) return nearest;
    }
  }

  #readConfig(path: string): ParsedConfig | undefined {
    if (!this.#configs.has(path)) this.#configs.set(path, parseConfig(path));
    return this.#configs.get(path);
  }
}

/** What a `tsconfig.json` says. */
export interface ParsedConfig {
  readonly path: string;
  readonly options: ts.CompilerOptions;
  readonly files: ReadonlySet<string>;
  readonly references: readonly string[];
}

function parseConfig(path: string): ParsedConfig | undefined {
  if (!ts.sys.fileExists(path)) return undefined;
  const { config } = ts.readConfigFile(path, (file) => ts.sys.readFile(file)) as { config?: unknown };
  if (!config) return undefined;
  const parsed = ts.parseJsonConfigFileContent(config, ts.sys, dirname(path), undefined, path);
  const references = (parsed.projectReferences ?? []).map((reference) => ts.resolveProjectReferencePath(reference));
  return { path, options: parsed.options, files: new Set(parsed.fileNames), references };
}

class TypeProject {
  readonly #project: Project;
  readonly #config: ParsedConfig | undefined;
  readonly #onlyScopes: boolean;
  readonly #accepted = new Map<string, boolean>();
  #hasAllFiles = false;

  constructor(config: ParsedConfig | undefined, isScript: boolean, options: TypeProjectOptions) {
    this.#config = config;
    const given = config?.options ?? {};
    this.#onlyScopes = isScript && !given.checkJs;
    this.#project = new Project({
      skipAddingFilesFromTsConfig: true,
      compilerOptions: {
        ...getCheckOptions(config?.options),
        ...(isScript ? { allowJs: true, checkJs: true } : {}),
        ...(this.#onlyScopes ? { strict: false } : {}),
        paths: { ...given.paths, ...findMissing(config, options.bundledTypes) },
      },
    });
    // Ambient declarations reach every file without an import.
    for (const file of config?.files ?? []) if (/\.d\.[cm]?ts$/.test(file)) this.#project.addSourceFileAtPathIfExists(file);
  }

  open(path: string): FileTypes {
    const errors = new Map<string, Diagnosis>();
    const diagnose = (text: string) => {
      let diagnosis = errors.get(text);
      if (!diagnosis) {
        diagnosis = this.#diagnose(this.#getSourceFile(path, text));
        errors.set(text, diagnosis);
      }
      return diagnosis;
    };
    return {
      lowering: getLowering(this.#config?.options),
      getSourceFile: (text: string) => this.#getSourceFile(path, text),
      findNewErrors: (before: string, after: string) => {
        const old = diagnose(before);
        const now = diagnose(after);
        const added = subtract(now.errors, old.errors);
        if (added.length > 0 || old.exports === now.exports) return added;
        return this.#findNewErrorsOfImporters(path, before, after);
      },
      accepts: (snippet: string) => {
        let isAccepted = this.#accepted.get(snippet);
        if (isAccepted === undefined) {
          const probe = this.#getSourceFile(join(dirname(path), 'watertight-probe.mts'), snippet);
          isAccepted = this.#diagnose(probe).errors.length === 0;
          this.#project.removeSourceFile(probe);
          this.#accepted.set(snippet, isAccepted);
        }
        return isAccepted;
      },
    };
  }

  #getSourceFile(path: string, text: string): SourceFile {
    const existing = this.#project.getSourceFile(path);
    if (existing?.getFullText() === text) return existing;
    return this.#project.createSourceFile(path, text, { overwrite: true });
  }

  #diagnose(file: SourceFile): Diagnosis {
    const program = this.#project.getProgram().compilerObject;
    const node = file.compilerNode;
    const semantic = program.getSemanticDiagnostics(node).filter(({ code }) => !this.#onlyScopes || SCOPE_ERRORS.has(code));
    const errors = [...program.getSyntacticDiagnostics(node), ...semantic].filter(({ category }) => category === ts.DiagnosticCategory.Error);
    return { errors: errors.map(describe), exports: describeExports(program, node) };
  }

  #findNewErrorsOfImporters(path: string, before: string, after: string): string[] {
    if (!this.#hasAllFiles) {
      this.#hasAllFiles = true;
      this.#project.addSourceFilesAtPaths([...(this.#config?.files ?? [])]);
    }
    const file = this.#getSourceFile(path, before).compilerNode;
    const importers = findImporters(file, this.#project.getProgram().compilerObject).map(({ fileName }) => fileName);
    const diagnose = (text: string) => {
      this.#getSourceFile(path, text);
      return importers.flatMap((importer) =>
        this.#diagnose(this.#project.getSourceFileOrThrow(importer)).errors.map((error) => `${error} (in ${importer})`),
      );
    };
    return subtract(diagnose(after), diagnose(before));
  }
}

interface Diagnosis {
  readonly errors: readonly string[];
  /** The names and types of what the file exports; other files can only break when this changes. */
  readonly exports: string;
}

const LOOSE_OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ESNext,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  jsx: ts.JsxEmit.Preserve,
  strict: false,
};

/** The options under which code is only checked; without a `tsconfig.json` loosely. */
export function getCheckOptions(given: ts.CompilerOptions | undefined): ts.CompilerOptions {
  return {
    ...(given ?? LOOSE_OPTIONS),
    // TypeScript 6 sees no @types package unless told to; the project's own TypeScript may be older.
    types: given?.types ?? ['*'],
    noEmit: true,
    composite: false,
    incremental: false,
    tsBuildInfoFile: undefined,
    skipLibCheck: true,
    noUnusedLocals: false,
    noUnusedParameters: false,
    ignoreDeprecations: '6.0',
  };
}

function getLowering(options: ts.CompilerOptions | undefined): FileTypes['lowering'] {
  if (!options) return 'unknown';
  // Node strips such types, and leaves all other syntax as it is.
  return options.target === ts.ScriptTarget.ESNext || options.erasableSyntaxOnly ? 'kept' : 'lowered';
}

function findMissing(config: ParsedConfig | undefined, bundled: Readonly<Record<string, string>>): Record<string, string[]> {
  if (!config) return Object.fromEntries(Object.entries(bundled).map(([name, path]) => [name, [path]]));
  const isMissing = (name: string) => !ts.resolveModuleName(name, config.path, config.options, ts.sys).resolvedModule;
  return Object.fromEntries(Object.entries(bundled).flatMap(([name, path]) => (isMissing(name) ? [[name, [path]]] : [])));
}

function describe({ code, messageText }: ts.Diagnostic): string {
  return `TS${code}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
}

function describeExports(program: ts.Program, file: ts.SourceFile): string {
  const checker = program.getTypeChecker();
  const module = checker.getSymbolAtLocation(file);
  if (!module) return '';
  return checker
    .getExportsOfModule(module)
    .map((symbol) => {
      const isAlias = (symbol.flags & ts.SymbolFlags.Alias) !== 0;
      const target = isAlias ? checker.getAliasedSymbol(symbol) : symbol;
      const write = (type: ts.Type) => checker.typeToString(type, undefined, ts.TypeFormatFlags.NoTruncation);
      const typeOf = (other: ts.Symbol) => write(checker.getTypeOfSymbolAtLocation(other, file));
      const isClass = (target.flags & ts.SymbolFlags.Class) !== 0;
      const members = isClass ? checker.getPropertiesOfType(checker.getDeclaredTypeOfSymbol(target)) : [];
      return [`${symbol.name}: ${typeOf(target)}`, ...members.map((member) => `  ${member.name}: ${typeOf(member)}`)].join('\n');
    })
    .sort()
    .join('\n');
}

/**
 * Files that import the file, directly or through files that export it again. Asked of the compiler: what ts-morph
 * remembers of imports that lead nowhere outlives the text they stand in, and then fails at the next file.
 */
function findImporters(file: ts.SourceFile, program: ts.Program): ts.SourceFile[] {
  const checker = program.getTypeChecker();
  const importersOf = new Map<ts.SourceFile, Set<ts.SourceFile>>();
  for (const importer of program.getSourceFiles()) {
    for (const name of importer.isDeclarationFile ? [] : getModuleNames(importer)) {
      const target = checker.getSymbolAtLocation(name)?.declarations?.find((declaration) => ts.isSourceFile(declaration));
      if (target) importersOf.set(target, (importersOf.get(target) ?? new Set()).add(importer));
    }
  }
  const exportsAgain = (importer: ts.SourceFile, target: ts.SourceFile) =>
    importer.statements.some((statement) => ts.isExportDeclaration(statement) && statement.moduleSpecifier && checker.getSymbolAtLocation(statement.moduleSpecifier)?.declarations?.includes(target));
  const found = new Set<ts.SourceFile>();
  const visit = (current: ts.SourceFile) => {
    for (const importer of importersOf.get(current) ?? []) {
      if (found.has(importer) || importer === file) continue;
      found.add(importer);
      if (exportsAgain(importer, current)) visit(importer);
    }
  };
  visit(file);
  return [...found];
}

/** The names of modules in imports of every kind, as the compiler has collected them. */
function getModuleNames(file: ts.SourceFile): readonly ts.Node[] {
  return (file as unknown as { readonly imports?: readonly ts.Node[] }).imports ?? [];
}

/** The members of `now` that `old` does not account for, one for one. */
function subtract(now: readonly string[], old: readonly string[]): string[] {
  const left = [...old];
  return now.filter((entry) => {
    const index = left.indexOf(entry);
    if (index === -1) return true;
    left.splice(index, 1);
    return false;
  });
}
