/** One way to mend a seeded bug by hand, as edits of the sources. Each `find` occurs exactly once, each run of edits in order. */
export interface Repair {
  /** The ids in `seeded-bugs.json` that these edits mend. */
  bugs: string[];
  file: string;
  edits: { find: string; replace: string }[];
}

/**
 * Repairs of all seeded bugs, written without this project's tools: with them the counts of the fixture's leak test
 * are zero, which shows that each count stands for a bug that is listed, and that the service can be mended without
 * a change of its public API.
 */
export const REPAIRS: Repair[] = [
  {
    bugs: ['audit-stream'],
    file: 'src/audit-log.ts',
    edits: [
      {
        find: '  record(actor',
        replace: '  close(): Promise<void> {\n    return new Promise((resolve) => this.out.end(() => resolve()));\n  }\n\n  record(actor',
      },
    ],
  },
  {
    bugs: ['audit-stream'],
    file: 'src/service.ts',
    edits: [
      { find: '  const metrics = new', replace: "  const audit = new AuditLog(join(config.dataDir, 'audit.log'));\n  const metrics = new" },
      { find: "    audit: new AuditLog(join(config.dataDir, 'audit.log')),", replace: '    audit,' },
      { find: '  } catch (err) {\n    await metrics.stop();', replace: '  } catch (err) {\n    await audit.close();\n    await metrics.stop();' },
      { find: '      } finally {\n        await metrics.stop();', replace: '      } finally {\n        await audit.close();\n        await metrics.stop();' },
    ],
  },
  {
    bugs: ['transport-retry-body', 'transport-cause', 'transport-backoff-signal'],
    file: 'src/base-transport.ts',
    edits: [
      { find: "import { RegistryError }", replace: "import { drain } from './drain.js';\nimport { RegistryError }" },
      { find: '${(err as Error).message}`);', replace: '${(err as Error).message}`, { cause: err });' },
      { find: '        challenged = true;', replace: '        challenged = true;\n        await drain(response);' },
      { find: '        await sleep(wait);', replace: '        await drain(response);\n        await sleep(wait, options.signal);' },
    ],
  },
  {
    bugs: ['config-descriptor', 'config-cause'],
    file: 'src/config.ts',
    edits: [
      { find: "  if (fstatSync(fd)", replace: '  try {\n  if (fstatSync(fd)' },
      { find: '${(err as Error).message}`);', replace: '${(err as Error).message}`, { cause: err });' },
      { find: '  closeSync(fd);\n', replace: '' },
      { find: 'rules.map(checkRule), dataDir };', replace: 'rules.map(checkRule), dataDir };\n  } finally {\n    closeSync(fd);\n  }' },
    ],
  },
  {
    bugs: ['credentials-cause'],
    file: 'src/credentials.ts',
    edits: [{ find: '${(err as Error).message}`);', replace: '${(err as Error).message}`, { cause: err });' }],
  },
  {
    bugs: ['journal-handle-race'],
    file: 'src/job-journal.ts',
    edits: [
      { find: 'new Map<string, FileHandle>', replace: 'new Map<string, Promise<FileHandle>>' },
      { find: 'for (const file of files) await file.close();', replace: 'for (const file of files) await (await file).close();' },
      { find: 'private async fileOf', replace: 'private fileOf' },
      { find: 'const file = await open(this', replace: 'const file = open(this' },
      { find: 'as FileHandle;', replace: 'as Promise<FileHandle>;' },
    ],
  },
  {
    bugs: [
      'reachable-body',
      'reachable-signal',
      'catalog-signal',
      'list-tags-body',
      'manifest-404-body',
      'put-manifest-body',
      'upload-open-body',
      'upload-commit-body',
    ],
    file: 'src/registry-client.ts',
    edits: [
      { find: '  reachable(signal', replace: '  async reachable(signal' },
      {
        find: "    return fetch(new URL('/v2/', this.baseUrl)).then((res) => res.status < 500);",
        replace: "    const res = await fetch(new URL('/v2/', this.baseUrl), { signal: signal ?? null });\n    await drain(res);\n    return res.status < 500;",
      },
      { find: 'async catalog()', replace: 'async catalog(signal?: AbortSignal)' },
      { find: "_catalog?n=10000', this.baseUrl));", replace: "_catalog?n=10000', this.baseUrl), { signal: signal ?? null });" },
      { find: '      if (!res.ok) {\n        throw', replace: '      if (!res.ok) {\n        await drain(res);\n        throw' },
      { find: '    if (res.status === 404) return null;', replace: '    if (res.status === 404) {\n      await drain(res);\n      return null;\n    }' },
      { find: '    if (res.status !== 201) {', replace: '    await drain(res);\n    if (res.status !== 201) {' },
      { find: "    const location = opened", replace: '    await drain(opened);\n    const location = opened' },
      { find: '    if (committed.status', replace: '    await drain(committed);\n    if (committed.status' },
    ],
  },
  {
    bugs: [
      'key-file-predictable',
      'key-file-exposed',
      'key-file-left',
      'workspace-left',
      'tags-fan-out',
      'layers-fan-out',
      'upload-signal',
      'notify-body',
      'notify-signal',
      'tree-cause',
      'catalog-signal',
    ],
    file: 'src/replicate.ts',
    edits: [
      { find: '.catalog())', replace: '.catalog(options.signal))' },
      { find: ', { status });\n      }\n    }', replace: ', { status, cause: err });\n      }\n    }' },
      {
        find: [
          '    const keyFile = join(tmpdir(), `gcp-credentials-${process.pid}.json`);',
          '    process.env.GOOGLE_APPLICATION_CREDENTIALS = keyFile;',
          '    const key = await this.options.secrets.getSecret(secret);',
          "    await writeFile(keyFile, Buffer.from(key, 'base64'));",
          '    const result = await run();',
          '    await rm(keyFile);',
          '    delete process.env.GOOGLE_APPLICATION_CREDENTIALS;',
          '    return result;',
        ].join('\n'),
        replace: [
          '    const key = await this.options.secrets.getSecret(secret);',
          "    const dir = await mkdtemp(join(tmpdir(), 'freightliner-key-'));",
          '    try {',
          "      const keyFile = join(dir, 'key.json');",
          "      await writeFile(keyFile, Buffer.from(key, 'base64'), { mode: 0o600, flag: 'wx' });",
          '      process.env.GOOGLE_APPLICATION_CREDENTIALS = keyFile;',
          '      return await run();',
          '    } finally {',
          '      delete process.env.GOOGLE_APPLICATION_CREDENTIALS;',
          '      await rm(dir, { recursive: true, force: true });',
          '    }',
        ].join('\n'),
      },
      { find: 'const sizes = await Promise.all(\n      tags.map(async (tag) => {', replace: 'const sizes = await mapInBatches(tags, async (tag) => {' },
      { find: '        return bytes;\n      }),\n    );', replace: '        return bytes;\n      });' },
      {
        find: 'Promise.all(blobs.map((blob) => target.hasBlob(targetRepository, blob.digest, signal)));',
        replace: 'mapInBatches(blobs, (blob) => target.hasBlob(targetRepository, blob.digest, signal));',
      },
      {
        find: [
          '    const bytes = await this.copyManifest(transfer, tag, new Staging(workspace));',
          '    await rm(workspace, { recursive: true, force: true });',
          '    return bytes;',
        ].join('\n'),
        replace: [
          '    try {',
          '      return await this.copyManifest(transfer, tag, new Staging(workspace));',
          '    } finally {',
          '      await rm(workspace, { recursive: true, force: true });',
          '    }',
        ].join('\n'),
      },
      { find: 'uploadBlob(targetRepository, blob, file)', replace: 'uploadBlob(targetRepository, blob, file, signal)' },
      { find: 'this.notify(this.options.webhook, rule, result);', replace: 'this.notify(this.options.webhook, rule, result, options.signal);' },
      { find: 'result: ReplicationResult): Promise<void> {', replace: 'result: ReplicationResult, signal?: AbortSignal): Promise<void> {' },
      {
        find: '    await fetch(webhook, {',
        replace: '    const res = await fetch(webhook, {\n      signal: signal ?? AbortSignal.timeout(10_000),',
      },
      { find: '      body: JSON.stringify({ rule: rule.id, ...result }),\n    });', replace: '      body: JSON.stringify({ rule: rule.id, ...result }),\n    });\n    await drain(res);' },
      { find: "import { ConfigError,", replace: "import { drain } from './drain.js';\nimport { ConfigError," },
      {
        find: 'function parseManifest(',
        replace: [
          'async function mapInBatches<T, R>(items: T[], map: (item: T) => Promise<R>): Promise<R[]> {',
          '  const results: R[] = [];',
          '  for (let start = 0; start < items.length; start += VERIFY_BATCH) {',
          '    const batch = await Promise.allSettled(items.slice(start, start + VERIFY_BATCH).map(map));',
          '    for (const outcome of batch) {',
          "      if (outcome.status === 'rejected') throw outcome.reason;",
          '      results.push(outcome.value);',
          '    }',
          '  }',
          '  return results;',
          '}',
          '',
          'function parseManifest(',
        ].join('\n'),
      },
    ],
  },
  {
    bugs: ['scheduler-interval', 'trigger-race', 'total-bytes-race', 'progress-race', 'run-race', 'run-race-timer'],
    file: 'src/scheduler.ts',
    edits: [
      { find: '    this.stopped = true;\n', replace: '    this.stopped = true;\n    clearInterval(this.timer);\n    this.timer = undefined;\n' },
      { find: '    job.running = true;\n', replace: '' },
      { find: '    if (job.running) return;\n', replace: '    if (job.running) return;\n    job.running = true;\n' },
      {
        find: '      this.totalBytes += (await this.run(job)).bytes;',
        replace: '      const { bytes } = await this.run(job);\n      this.totalBytes += bytes;',
      },
      {
        find: "    const copied = job.bytesCopied + bytes;\n    await this.options.journal.append(id, { event: 'progress', copied });\n    job.bytesCopied = copied;",
        replace: "    job.bytesCopied += bytes;\n    await this.options.journal.append(id, { event: 'progress', copied: job.bytesCopied });",
      },
      {
        find: '  private run(job: Job): Promise<ReplicationResult> {',
        replace: '  private async run(job: Job): Promise<ReplicationResult> {\n    const limit = new AbortController();\n    let timer: NodeJS.Timeout | undefined;',
      },
      { find: '    return Promise.race([\n', replace: '    try {\n    return await Promise.race([\n' },
      { find: '(rule, { signal, onProgress', replace: '(rule, { signal: AbortSignal.any([signal, limit.signal]), onProgress' },
      { find: '        setTimeout(() => reject(', replace: '        timer = setTimeout(() => reject(' },
      { find: '      }),\n    ]);\n', replace: '      }),\n    ]);\n    } finally {\n      clearTimeout(timer);\n      limit.abort();\n    }\n' },
    ],
  },
  {
    bugs: ['sigterm-listener', 'cors-shadow', 'cors-reflected', 'cors-suffix', 'cors-events', 'events-listener', 'bundle-left', 'bundle-pipe'],
    file: 'src/server.ts',
    edits: [
      {
        find: "    process.on('SIGTERM', () => {\n      this.logger.info('told to stop');\n      void this.close();\n    });",
        replace: "    process.on('SIGTERM', this.onTerminate);",
      },
      {
        find: '    const deadline = new AbortController();\n    const closed',
        replace: "    process.off('SIGTERM', this.onTerminate);\n    const deadline = new AbortController();\n    const closed",
      },
      {
        find: '  private async handle(',
        replace: "  private readonly onTerminate = (): void => {\n    this.logger.info('told to stop');\n    void this.close();\n  };\n\n  private async handle(",
      },
      { find: '    let allowedOrigin = origin;\n', replace: '    let allowedOrigin: string | undefined;\n' },
      { find: '      const allowedOrigin = this.isAllowed', replace: '      allowedOrigin = this.isAllowed' },
      { find: '    if (!allowedOrigin) return;', replace: "    res.setHeader('Vary', 'Origin');\n    if (!allowedOrigin) return;" },
      {
        find: "allowed.startsWith('*.') ? origin.endsWith(allowed.slice(2)) : origin === allowed,",
        replace: "allowed.startsWith('*.') ? origin.startsWith('https://') && origin.endsWith(allowed.slice(1)) : origin === allowed,",
      },
      { find: "    if (pathname === '/events') return this.sendEvents(req, res);\n\n    this.applyCors(req, res);", replace: "    this.applyCors(req, res);\n    if (pathname === '/events') return this.sendEvents(res);" },
      { find: 'sendEvents(req: IncomingMessage, res: ServerResponse)', replace: 'sendEvents(res: ServerResponse)' },
      { find: "      'access-control-allow-origin': req.headers.origin ?? '*',\n      'access-control-allow-credentials': 'true',\n", replace: '' },
      { find: "    this.options.scheduler.on('change', (state: JobState) => {", replace: '    const onChange = (state: JobState) => {' },
      {
        find: 'JSON.stringify(state)}\\n\\n`);\n    });',
        replace: "JSON.stringify(state)}\\n\\n`);\n    };\n    this.options.scheduler.on('change', onChange);",
      },
      { find: '      clearInterval(heartbeat);', replace: "      this.options.scheduler.off('change', onChange);\n      clearInterval(heartbeat);" },
      { find: "    const file = join(dir, 'bundle.json');", replace: "    try {\n    const file = join(dir, 'bundle.json');" },
      {
        find: "    createReadStream(file).pipe(res);\n    res.on('finish', () => {\n      rm(dir, { recursive: true, force: true }).catch((err: unknown) => this.fail(res, err));\n    });",
        replace: '    await pipeline(createReadStream(file), res);\n    } finally {\n      await rm(dir, { recursive: true, force: true });\n    }',
      },
    ],
  },
  {
    bugs: ['staging-handle'],
    file: 'src/staging.ts',
    edits: [
      { find: "    const hash = createHash('sha256');\n    for await (const chunk of await read", replace: "    try {\n    const hash = createHash('sha256');\n    for await (const chunk of await read" },
      { find: '    await file.close();\n    return path;', replace: '    return path;\n    } finally {\n      await file.close();\n    }' },
    ],
  },
  {
    bugs: ['token-body'],
    file: 'src/token-source.ts',
    edits: [
      { find: "import { RegistryError }", replace: "import { drain } from './drain.js';\nimport { RegistryError }" },
      { find: '    if (!res.ok) {', replace: '    if (!res.ok) {\n      await drain(res);' },
    ],
  },
  {
    bugs: ['pool-listener', 'pool-timer', 'pool-queue-listener', 'pool-retry-signal', 'pool-drain-race'],
    file: 'src/worker-pool.ts',
    edits: [
      {
        find: '    return Promise.race([done, sleep(timeoutMs).then(() => false)]);',
        replace: [
          '    const patience = new AbortController();',
          '    try {',
          '      return await Promise.race([done, sleep(timeoutMs, patience.signal).then(() => false)]);',
          '    } finally {',
          '      patience.abort();',
          '    }',
        ].join('\n'),
      },
      { find: 'sleep(this.retryDelayMs * attempt)', replace: 'sleep(this.retryDelayMs * attempt, signal)' },
      {
        find: "    signal.addEventListener('abort', () => controller.abort(signal.reason));",
        replace: "    const onAbort = () => controller.abort(signal.reason);\n    signal.addEventListener('abort', onAbort);",
      },
      {
        find: '    const result = await task(controller.signal);\n    clearTimeout(timer);\n    return result;',
        replace: [
          '    try {',
          '      return await task(controller.signal);',
          '    } finally {',
          '      clearTimeout(timer);',
          "      signal.removeEventListener('abort', onAbort);",
          '    }',
        ].join('\n'),
      },
      {
        find: "      this.waiting.push(resolve);\n      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });",
        replace: [
          '      const onAbort = () => reject(signal.reason as Error);',
          '      this.waiting.push(() => {',
          "        signal.removeEventListener('abort', onAbort);",
          '        resolve();',
          '      });',
          "      signal.addEventListener('abort', onAbort, { once: true });",
        ].join('\n'),
      },
    ],
  },
];
