import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROOT } from '../repository/support/paths.js';
import { installPacked, link } from './support/install-packed.js';
import { LanguageClient } from './support/language-client.js';

interface Position {
  readonly line: number;
  readonly character: number;
}
interface Range {
  readonly start: Position;
  readonly end: Position;
}
interface Diagnostic {
  readonly range: Range;
  readonly code: string;
  readonly message: string;
  readonly severity: number;
  readonly codeDescription?: { readonly href: string };
}
interface TextEdit {
  readonly range: Range;
  readonly newText: string;
}
interface CodeAction {
  readonly title: string;
  readonly kind?: string;
  readonly command?: { readonly command: string; readonly arguments?: readonly unknown[] };
}
interface WorkspaceEdit {
  readonly documentChanges?: readonly { readonly edits: readonly TextEdit[] }[];
  readonly changes?: Readonly<Record<string, readonly TextEdit[]>>;
}

const LEAK = `export async function load(url) {
  const res = await fetch(url);
  if (res.status === 404) {
    return undefined;
  }
  return await res.text();
}
`;
const SERVER = join(ROOT, 'node_modules/vscode-langservers-extracted/bin/vscode-eslint-language-server');

let client: LanguageClient;
let directory: string;
const applied: WorkspaceEdit[] = [];

/** A document as the editor holds it. */
class Document {
  readonly uri: string;
  #version = 1;

  constructor(
    name: string,
    public text: string,
  ) {
    writeFileSync(join(directory, name), text);
    this.uri = pathToFileURL(join(directory, name)).href;
    client.notify('textDocument/didOpen', { textDocument: { uri: this.uri, languageId: 'javascript', version: 1, text } });
  }

  change(text: string): void {
    this.text = text;
    this.#version += 1;
    client.notify('textDocument/didChange', { textDocument: { uri: this.uri, version: this.#version }, contentChanges: [{ text }] });
  }

  async getDiagnostics(): Promise<readonly Diagnostic[]> {
    const { items } = await client.request<{ items: Diagnostic[] }>('textDocument/diagnostic', { textDocument: { uri: this.uri } });
    return items;
  }

  getText({ start, end }: Range): string {
    return this.text.slice(this.#toOffset(start), this.#toOffset(end));
  }

  apply(edits: readonly TextEdit[]): void {
    let text = this.text;
    for (const { range, newText } of [...edits].sort((a, b) => this.#toOffset(b.range.start) - this.#toOffset(a.range.start))) {
      text = text.slice(0, this.#toOffset(range.start)) + newText + text.slice(this.#toOffset(range.end));
    }
    this.change(text);
  }

  #toOffset({ line, character }: Position): number {
    const before = this.text.split('\n').slice(0, line);
    return before.reduce((sum, one) => sum + one.length + 1, 0) + character;
  }
}

beforeAll(async () => {
  ({ directory } = await installPacked(['rules', 'analysis']));
  link(join(directory, 'node_modules/eslint'), 'eslint');
  writeFileSync(join(directory, 'eslint.config.js'), "import watertight from 'eslint-plugin-watertight';\nexport default [watertight.configs.recommended];\n");
  const folder = { name: 'project', uri: pathToFileURL(directory).href };
  const settings = {
    validate: 'on',
    run: 'onType',
    nodePath: null,
    workingDirectory: { mode: 'location' },
    workspaceFolder: folder,
    problems: { shortenToSingleLine: false },
    codeAction: { disableRuleComment: { enable: true, location: 'separateLine' }, showDocumentation: { enable: true } },
    codeActionOnSave: { mode: 'all' },
    rulesCustomizations: [],
    experimental: {},
    options: {},
    quiet: false,
    format: false,
    onIgnoredFiles: 'off',
  };
  client = new LanguageClient([process.execPath, SERVER, '--stdio'], directory, {
    'workspace/configuration': ({ items }: { items: unknown[] }) => items.map(() => settings),
    'workspace/applyEdit': ({ edit }: { edit: WorkspaceEdit }) => {
      applied.push(edit);
      return { applied: true };
    },
  });
  const capabilities = {
    workspace: { configuration: true, applyEdit: true, workspaceFolders: true, workspaceEdit: { documentChanges: true }, diagnostics: { refreshSupport: true } },
    textDocument: { diagnostic: {}, publishDiagnostics: { codeDescriptionSupport: true }, codeAction: { codeActionLiteralSupport: { codeActionKind: { valueSet: ['quickfix'] } } } },
  };
  await client.request('initialize', { processId: process.pid, rootUri: folder.uri, workspaceFolders: [folder], capabilities });
  client.notify('initialized', {});
}, 300_000);
afterAll(() => client.stop());

describe('an ESLint language server with the packed plugin', () => {
  it('marks the acquisition, says which exit loses it, and links to the page of the rule', async () => {
    const document = new Document('marked.js', LEAK);
    const [diagnostic, ...others] = await document.getDiagnostics();
    expect(others).toEqual([]);
    expect(diagnostic).toMatchObject({ code: 'watertight/no-unclosed-response-body', severity: 1 });
    expect(diagnostic!.range.start.line).toBe(1);
    expect(document.getText(diagnostic!.range)).toBe('fetch(url)');
    expect(diagnostic!.message).toContain('line 4');
    expect(diagnostic!.codeDescription!.href).toMatch(/\/docs\/rules\/no-unclosed-response-body\.md$/);
  });

  it('offers a repair, and is silent after it', async () => {
    const document = new Document('repaired.js', LEAK);
    const [diagnostic] = await document.getDiagnostics();
    const context = { diagnostics: [diagnostic], triggerKind: 1 };
    const actions = await client.request<CodeAction[]>('textDocument/codeAction', { textDocument: { uri: document.uri }, range: diagnostic!.range, context });
    const repair = actions.find(({ command }) => command?.command === 'eslint.applySuggestion');
    expect(repair!.title).toMatch(/[Cc]ancel/);
    await client.request('workspace/executeCommand', repair!.command);
    const edits = applied.flatMap(({ documentChanges = [], changes = {} }) => [...documentChanges.map((change) => change.edits), ...Object.values(changes)].flat());
    expect(edits).toHaveLength(1);
    document.apply(edits);
    expect(document.text).toContain('cancel()');
    expect(await document.getDiagnostics()).toEqual([]);
  });

  it('answers a keystroke in a file of 1,000 lines fast enough to type on', async () => {
    const safe = (index: number) => `export async function load${index}(url) {\n  const res = await fetch(url);\n  if (!res.ok) {\n    await res.body?.cancel();\n    return undefined;\n  }\n  return await res.text();\n}\n\n\n`;
    const text = Array.from({ length: 100 }, (_, index) => safe(index)).join('') + LEAK;
    const document = new Document('long.js', text);
    expect(await document.getDiagnostics()).toHaveLength(1);
    const times: number[] = [];
    for (let key = 1; key <= 15; key += 1) {
      const started = performance.now();
      document.change(`${text}// ${'x'.repeat(key)}\n`);
      expect(await document.getDiagnostics()).toHaveLength(1);
      times.push(performance.now() - started);
    }
    const median = times.sort((a, b) => a - b)[7]!;
    console.log(`a keystroke in ${text.split('\n').length} lines: ${median.toFixed(0)} ms (median of ${times.length})`);
    expect(median).toBeLessThan(1500);
  });
});
