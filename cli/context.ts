import type plugin from 'eslint-plugin-watertight';
import type { Codemod } from 'watertight-codemods';

export type Plugin = Pick<typeof plugin, 'meta' | 'rules' | 'configs'>;
export type PresetName = keyof Plugin['configs'];

/** What a command may touch of the process it runs in. */
export interface Io {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly stdout: NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };
  readonly stderr: NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };
}

/** What the command is made of; tests bring a plugin and codemods of their own. */
export interface Parts {
  readonly plugin: Plugin;
  /** Loaded when asked for: they bring all of TypeScript along. */
  readonly loadCodemods: () => Promise<Readonly<Record<string, Codemod>>>;
  /** Threads load the plugin by its name, so parts of one's own are linted in process. */
  readonly canUseThreads: boolean;
}

export interface Context {
  readonly io: Io;
  readonly parts: Parts;
  readonly version: string;
}
