import type { Phase } from './phases.js';

export interface NewConfigTraits {
  readonly phase: Phase;
  /** The package that parses TypeScript, of those that the project has. */
  readonly typescriptParser: 'typescript-eslint' | '@typescript-eslint/parser' | undefined;
}

/** The text of a flat configuration, as an ES module, that runs the preset and nothing else. */
export function writeNewConfig({ phase, typescriptParser }: NewConfigTraits): string {
  const imports = [`import watertight from 'eslint-plugin-watertight';`];
  const settings = [`{ ignores: ['**/dist/', '**/build/', '**/out/', '**/coverage/'] },`];
  if (typescriptParser === 'typescript-eslint') {
    imports.unshift(`import tseslint from 'typescript-eslint';`);
    settings.push(`{ files: ['**/*.{ts,tsx,mts,cts}'], languageOptions: { parser: tseslint.parser } },`);
  } else if (typescriptParser) {
    imports.unshift(`import parser from '@typescript-eslint/parser';`);
    settings.push(`{ files: ['**/*.{ts,tsx,mts,cts}'], languageOptions: { parser } },`);
  }
  settings.push(`watertight.configs['phase-${phase}'],`);
  return `${imports.join('\n')}\n\nexport default [\n${settings.map((line) => `  ${line}\n`).join('')}];\n`;
}
