import { Project, type SourceFile, ts } from 'ts-morph';
import { type FileTypes, SCOPE_ERRORS } from 'watertight-codemods';

/** One text as codemods see it, in memory, with what TypeScript says of its names and scopes. */
export class TextTypes implements Pick<FileTypes, 'getSourceFile' | 'findNewErrors'> {
  readonly #path: string;
  readonly #project = new Project({
    useInMemoryFileSystem: true,
    compilerOptions: {
      target: ts.ScriptTarget.ESNext,
      module: ts.ModuleKind.ESNext,
      moduleDetection: ts.ModuleDetectionKind.Force,
      lib: ['lib.es2022.d.ts', 'lib.esnext.disposable.d.ts', 'lib.dom.d.ts'],
      jsx: ts.JsxEmit.Preserve,
      allowJs: true,
      checkJs: true,
      noEmit: true,
      // The packages that the text imports are not there.
      noResolve: true,
    },
  });

  /** `path` is absolute; its ending says how the text is read. */
  constructor(path: string) {
    this.#path = path;
  }

  getSourceFile(text: string): SourceFile {
    const existing = this.#project.getSourceFile(this.#path);
    if (existing?.getFullText() === text) return existing;
    return this.#project.createSourceFile(this.#path, text, { overwrite: true });
  }

  findNewErrors(before: string, after: string): string[] {
    const known = this.#findErrors(before);
    return this.#findErrors(after).filter((error) => !known.includes(error));
  }

  #findErrors(text: string): string[] {
    const file = this.getSourceFile(text).compilerNode;
    const program = this.#project.getProgram().compilerObject;
    const semantic = program.getSemanticDiagnostics(file).filter(({ code }) => SCOPE_ERRORS.has(code));
    return [...program.getSyntacticDiagnostics(file), ...semantic].map(({ code, messageText }) => `TS${code}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`);
  }
}
