import { Project, ts } from 'ts-morph';
import { type ParsedConfig, getCheckOptions } from '../runner/type-project.js';

/** What the compiler says is wrong, at an offset of the file's text. */
export interface TypeProblem {
  readonly path: string;
  readonly start: number;
  readonly message: string;
}

/** All files of one `tsconfig.json`, and others that are looked at with them, with texts that stay in memory. */
export class ThreadProject {
  readonly #project: Project;

  constructor(config: ParsedConfig | undefined, texts: ReadonlyMap<string, string>) {
    const options = getCheckOptions(config?.options);
    this.#project = new Project({ skipAddingFilesFromTsConfig: true, compilerOptions: { ...options, allowJs: true, checkJs: config?.options.checkJs ?? false } });
    for (const path of config?.files ?? []) if (!texts.has(path)) this.#project.addSourceFileAtPathIfExists(path);
    this.setTexts(texts);
  }

  setTexts(texts: ReadonlyMap<string, string>): void {
    for (const [path, text] of texts) {
      if (this.#project.getSourceFile(path)?.getFullText() !== text) this.#project.createSourceFile(path, text, { overwrite: true });
    }
  }

  getProgram(): ts.Program {
    return this.#project.getProgram().compilerObject;
  }
}

/** The errors of some files of a program, in their order. */
export function findTypeProblems(program: ts.Program, paths: Iterable<string>): TypeProblem[] {
  return [...paths].flatMap((path) => {
    const file = program.getSourceFile(path);
    if (!file) return [];
    return [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)]
      .filter(({ category }) => category === ts.DiagnosticCategory.Error)
      .map(({ start = 0, code, messageText }) => ({ path, start, message: `TS${code}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}` }));
  });
}
