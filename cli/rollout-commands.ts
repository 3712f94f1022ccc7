import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Context } from './context.js';

export interface RolloutSetting {
  readonly context: Context;
  readonly setExitCode: (code: number) => void;
  /** Adds the options that every command which lints has. */
  readonly addLintOptions: (command: Command) => Command;
}

/** Adds the commands that bring the rules into a project step by step: `init` and `status`. */
export function addRolloutCommands(program: Command, { context, setExitCode, addLintOptions }: RolloutSetting): void {
  program
    .command('init')
    .description('Add the plugin to the ESLint configuration, and record what it finds today, so that only new code is judged.')
    .option('--phase <number>', 'the phase to begin with, or to move to: 1 leaks, 2 races and security, 3 error context, 4 everything', toPhase)
    .option('--record', 'record what is found today, also when the configuration stays as it is')
    .option('--no-record', 'record nothing')
    .option('--dry-run', 'show the change of the configuration, and write nothing', false)
    .option('--color', 'colour the output')
    .option('--no-color', 'do not colour the output')
    .action(async (options) => {
      const { init } = await import('./commands/init.js');
      setExitCode(await init(options as never, context));
    });

  addLintOptions(program.command('status'))
    .description('Print what is left, per rule and folder, and how it changed since the last run.')
    .argument('[paths...]', 'files, directories and glob patterns', [])
    .addOption(new Option('--format <format>', 'how to print').choices(['pretty', 'json']).default('pretty'))
    .option('--depth <number>', 'folders deeper than this are counted with the one above', toDepth, 2)
    .option('--state-file <path>', 'where the numbers are kept for the next run', '.watertight/status.json')
    .option('--no-save', 'keep nothing for the next run')
    .action(async (paths: string[], options) => {
      const { status } = await import('./commands/status.js');
      setExitCode(await status(paths, options as never, context));
    });
}

function toPhase(value: string): number {
  if (!/^[1-4]$/.test(value)) throw new InvalidArgumentError('Phases are 1, 2, 3 and 4.');
  return Number(value);
}

function toDepth(value: string): number {
  if (!/^[1-9]$/.test(value)) throw new InvalidArgumentError('It must be a whole number from 1 to 9.');
  return Number(value);
}
