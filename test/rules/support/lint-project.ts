import * as parser from '@typescript-eslint/parser';
import { Linter } from '@typescript-eslint/utils/ts-eslint';
import plugin from 'eslint-plugin-watertight';

export interface ProjectLint {
  /** Without one the files are parsed as ESLint does by itself. */
  readonly hasTypeScript?: boolean;
  readonly parserOptions?: Readonly<Record<string, unknown>>;
  readonly sourceType?: 'module' | 'commonjs';
}

/** Lints one file of a project that stands on disk with one rule; the messages as `line: text`. */
export function lintProject(root: string, path: string, text: string, ruleName: string, { hasTypeScript = true, parserOptions = {}, sourceType = 'module' }: ProjectLint = {}): string[] {
  const linter = new Linter({ configType: 'flat', cwd: root });
  const messages = linter.verify(
    text,
    [
      {
        files: ['**/*.{ts,mts,cts,js,mjs,cjs}'],
        languageOptions: hasTypeScript ? { parser: parser as never, parserOptions: parserOptions } : { sourceType },
        plugins: { watertight: plugin },
        rules: { [`watertight/${ruleName}`]: 'error' },
      },
    ],
    { filename: path },
  );
  return messages.map(({ line, message }) => `${line}: ${message}`);
}
