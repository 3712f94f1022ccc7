import * as parser from '@typescript-eslint/parser';
import { Linter } from 'eslint';
import plugin from 'eslint-plugin-watertight';
import { readExamples } from '../../../playground/read-examples.js';

/** The examples of a page with which its rule does not agree, each as `line: what is wrong`. A page shows both sides. */
export function findWrongExamples(rule: string, markdown: string): string[] {
  const examples = readExamples(markdown);
  const missing = [
    ...(examples.some(({ isWrong }) => isWrong) ? [] : ['1: no example with ❌']),
    ...(examples.some(({ isWrong }) => !isWrong) ? [] : ['1: no example with ✅']),
  ];
  const wrong = examples.flatMap(({ line, language, isWrong, code }) => {
    const messages = lint(rule, code, language);
    const fatal = messages.find((message) => message.fatal);
    if (fatal) return [`${line}: ${fatal.message}`];
    if (isWrong && messages.length === 0) return [`${line}: ❌ is not reported`];
    return isWrong ? [] : messages.map((message) => `${line + message.line - 1}: ✅ is reported: ${message.message}`);
  });
  return [...missing, ...wrong];
}

function lint(rule: string, code: string, extension: string): Linter.LintMessage[] {
  return new Linter({ configType: 'flat' }).verify(
    code,
    [
      {
        files: ['**/*.{js,jsx,mjs,cjs,ts,tsx,mts,cts}'],
        languageOptions: { parser, parserOptions: { ecmaFeatures: { jsx: extension.endsWith('x') } } },
        plugins: { watertight: plugin },
        rules: { [`watertight/${rule}`]: 'error' },
      },
    ],
    { filename: `example.${extension}` },
  );
}
