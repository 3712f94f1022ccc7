#!/usr/bin/env node
import { EXIT } from './exit-code.js';
import { getBuiltinParts } from './get-builtin-parts.js';
import { main } from './main.js';

// Whoever reads the output may stop early, as `head` does.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? EXIT.clean : EXIT.internal);
});

const { argv, env, stdin, stdout, stderr } = process;
process.exitCode = await main(argv.slice(2), { cwd: process.cwd(), env, stdin, stdout, stderr }, getBuiltinParts());
