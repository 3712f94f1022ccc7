import { createRequire } from 'node:module';
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import type { Context, Io, Parts, Plugin } from './context.js';
import { UsageError, getErrorMessage } from './errors.js';
import { EXIT } from './exit-code.js';
import { InterruptedError } from './fix/run-check.js';
import { addRolloutCommands } from './rollout-commands.js';
import { REPORT_FORMATS } from './reporters/render-report.js';

const { version } = createRequire(import.meta.url)('watertight/package.json') as { version: string };
/** What shells report of a process that Ctrl-C ended. */
const EXIT_INTERRUPTED = 130;

/** Runs one command line (without the program) and gives the exit code; it never ends the process. */
export async function main(args: readonly string[], io: Io, parts: Parts): Promise<number> {
  let exitCode: number = EXIT.clean;
  const program = createProgram({ io, parts, version }, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync([...args], { from: 'user' });
    return exitCode;
  } catch (error) {
    return tell(error, io, args);
  }
}

function createProgram(context: Context, setExitCode: (code: number) => void): Command {
  const { io, parts } = context;
  const program = new Command('watertight')
    .description('Finds the paths on which JavaScript and TypeScript code leaks a resource, and rewrites them.')
    .version(version, '-v, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .configureOutput({ writeOut: (text) => io.stdout.write(text), writeErr: (text) => io.stderr.write(text) })
    .showHelpAfterError('(add --help to see what there is)')
    .exitOverride()
    .addHelpText('after', '\nExit codes: 0 clean, 1 findings or would change, 2 wrong usage or no file matched, 3 internal error.');

  addLintOptions(program.command('check'), parts.plugin)
    .description('Print the findings in files, each with the path that leads to it.')
    .argument('[paths...]', 'files, directories and glob patterns', [])
    .addOption(new Option('--format <format>', 'how to print (default: pretty, and annotations under GitHub Actions)').choices(['pretty', 'github', ...REPORT_FORMATS]))
    .option('-q, --quiet', 'print findings and problems only, no sums', false)
    .option('--trace <command>', 'also run this, and tell which findings it confirms and what else it leaves behind')
    .option('--stdin', 'check the text on standard input', false)
    .option('--stdin-filename <path>', 'the file that the text on standard input is')
    .action(async (paths: string[], options) => {
      const { check } = await import('./commands/check.js');
      setExitCode(await check(paths, options as never, context));
    });

  addLintOptions(program.command('fix'), parts.plugin)
    .description('Rewrite what is found. Shows a diff unless --write is given; only proven changes are made.')
    .argument('[paths...]', 'files, directories and glob patterns', [])
    .addOption(new Option('--format <format>', 'how to print').choices(['pretty', 'json']).default('pretty'))
    .option('-q, --quiet', 'print no sums', false)
    .option('-w, --write', 'write the changes', false)
    .option('-i, --interactive', 'ask for each change, and write those that are wanted', false)
    .addOption(new Option('--style <style>', 'the form of the output').choices(['auto', 'using', 'try-finally']).default('auto'))
    .option('--runtime-module <name>', 'where helpers are imported from: a package, or a path from here', 'watertight-runtime')
    .option('--thread-signals', 'instead, hand abort signals down through calls, across files, to those that need one', false)
    .option('--verify <command>', 'run this after writing, and take back the files with which it fails')
    .action(async (paths: string[], options) => {
      const { fix } = await import('./commands/fix.js');
      setExitCode(await fix(paths, options as never, context));
    });

  addLintOptions(program.command('report'), parts.plugin)
    .description('Write the findings as documents. Exit code 0 however many there are.')
    .argument('[paths...]', 'files, directories and glob patterns', [])
    .addOption(new Option('--format <format>', 'the kind of document (default: as the name of the output says, else html)').choices(REPORT_FORMATS))
    .option('-o, --output <file>', 'where to write; - is standard output; can be given more than once (default: watertight-report.html, or - with another --format)', (value, previous: string[]) => [...previous, value], [])
    .action(async (paths: string[], options) => {
      const { report } = await import('./commands/report.js');
      setExitCode(await report(paths, options as never, context));
    });

  program
    .command('merge')
    .description('Make one SARIF document of those of several reports.')
    .argument('<files...>', 'what `report` wrote for parts of a repository')
    .requiredOption('-o, --output <file>', 'where to write it; - is standard output')
    .action(async (files: string[], options) => {
      const { merge } = await import('./commands/merge.js');
      setExitCode(await merge(files, options as never, context));
    });

  addLintOptions(program.command('explain'), parts.plugin)
    .description('Draw the path of the findings at a line.')
    .argument('<place>', 'FILE:LINE or FILE:LINE:COLUMN')
    .addOption(new Option('--format <format>', 'how to print').choices(['pretty', 'json']).default('pretty'))
    .action(async (place: string, options) => {
      const { explain } = await import('./commands/explain.js');
      setExitCode(await explain(place, options as never, context));
    });

  addRolloutCommands(program, { context, setExitCode, addLintOptions: (command) => addLintOptions(command, parts.plugin) });
  return program;
}

function addLintOptions(command: Command, plugin: Plugin): Command {
  const presets = Object.keys(plugin.configs);
  return command
    .addOption(new Option('--preset <name>', 'use this preset, not the ESLint configuration of the project').choices(presets))
    .option('--rule <name>', 'only this rule; can be given more than once', (value, previous: string[]) => [...previous, ...toRules(value, plugin)], [])
    .option('--no-config', 'leave the ESLint configuration of the project aside')
    .option('--include-suppressed', 'also what eslint-suppressions.json covers', false)
    .addOption(new Option('--host <name>', 'what runs the rules: eslint, or auto, which takes oxlint for many files where no ESLint configuration decides').choices(['auto', 'eslint']).default('auto'))
    .option('-j, --jobs <number>', 'threads at most (default: one for each core)', toPositive)
    .option('--color', 'colour the output')
    .option('--no-color', 'do not colour the output');
}

function toRules(value: string, plugin: Plugin): string[] {
  return value.split(',').map((part) => {
    const name = part.trim().replace(/^watertight\//, '');
    if (!Object.hasOwn(plugin.rules, name)) throw new InvalidArgumentError(`Rules are: ${Object.keys(plugin.rules).sort().join(', ')}.`);
    return name;
  });
}

function toPositive(value: string): number {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 1) throw new InvalidArgumentError('It must be a whole number from 1.');
  return number;
}

/** Tells an error on standard error, and gives its exit code. */
function tell(error: unknown, { stderr }: Io, args: readonly string[]): number {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return EXIT.clean;
    const [first = ''] = args;
    if (error.code === 'commander.unknownCommand' && !first.startsWith('-')) stderr.write(`To check a path: watertight check ${first}\n`);
    if (error.code === 'commander.unknownOption') stderr.write('A path that starts with a dash goes after --.\n');
    return EXIT.usage;
  }
  if (error instanceof InterruptedError) {
    stderr.write(`${error.message} Its files were put back.\n`);
    return EXIT_INTERRUPTED;
  }
  if (error instanceof UsageError) {
    stderr.write(`error: ${error.message}\n${error.hint === undefined ? '' : `${error.hint}\n`}`);
    return EXIT.usage;
  }
  const stack = error instanceof Error ? error.stack : undefined;
  stderr.write(`internal error: ${stack ?? getErrorMessage(error)}\nPlease report this with the command line and, if you can, the file.\n`);
  return EXIT.internal;
}
