import rule from '../../rules/no-racy-update.js';
import { runRuleTests } from './support/run-rule-tests.js';

runRuleTests(rule, {
  valid: [
    // a claim on the entry keeps others from the entry
    `class Scheduler {
  #jobs = new Map<string, { running: boolean; bytes: number }>();
  async trigger(id: string) {
    const job = this.#jobs.get(id)!;
    if (job.running) return;
    job.running = true;
    job.bytes += await copy(id);
    job.running = false;
  }
}`,
    // a job that a method makes for each call
    `class Scheduler {
  async trigger(id: string) {
    const job = this.job(id);
    if (job.running) return;
    await this.journal.append(id);
    job.running = true;
  }
  private job(id: string) {
    const job = { id, running: false };
    return job;
  }
}`,
    // a record that helpers read and write, behind a lock
    `import { readFile, writeFile } from 'node:fs/promises';
class Store {
  private async load() {
    return JSON.parse(await readFile('store.json', 'utf8'));
  }
  private async save(record: Store) {
    await writeFile('store.json', JSON.stringify(record));
  }
  async set(key: string, value: string) {
    await this.mutex.acquire();
    const record = await this.load();
    record[key] = value;
    await this.save(record);
  }
}`,
    // a hook that the bundler calls once
    `export function plugin() {
  let client: Client | undefined;
  return {
    async buildStart() {
      if (!client) client = await createClient();
    },
  };
}`,
    // a token that several share
    `class Api {
  token = '';
  refreshing: Promise<string> | undefined;
  async getToken() {
    if (this.token) return this.token;
    this.refreshing ??= refreshToken();
    this.token = await this.refreshing;
    return this.token;
  }
}`,
    // the promise is stored at once
    `class Repository {
  connection: Promise<Connection> | undefined;
  async find() {
    if (!this.connection) {
      this.connection = connect();
    }
    return this.connection;
  }
}`,
    // the same with ??=
    `let browser: Promise<Browser> | undefined;
export async function getBrowser() {
  browser ??= launch();
  return await browser;
}`,
    // looked at again after it
    `let client: Client | undefined;
export async function getClient() {
  if (client) return client;
  const made = await createClient();
  if (client) {
    await made.close();
    return client;
  }
  client = made;
  return client;
}`,
    // kept unless somebody else was faster
    `let pool: Pool | undefined;
export async function getPool() {
  if (pool) return pool;
  const made = await createPool();
  pool ??= made;
  return pool;
}`,
    // the promise of a chain
    `let connection: Promise<Connection> | undefined;
export async function getConnection() {
  if (connection) return connection;
  connection = connect().then((made) => made);
  return connection;
}`,
    // a second field holds the promise
    `class Service {
  client: Client | undefined;
  opening: Promise<void> | undefined;
  async ask() {
    if (!this.client) {
      this.opening ??= this.open();
      await this.opening;
    }
    return this.client;
  }
  private async open() {
    this.client = await connect();
  }
}`,
    // an entry that is a promise
    `const sessions = new Map<string, Promise<Session>>();
export async function getSession(user: string) {
  if (!sessions.has(user)) {
    sessions.set(user, createSession(user));
  }
  return sessions.get(user);
}`,
    // calls in flight are known
    `const sockets = new Map<string, Socket>();
const inFlight = new Map<string, Promise<Socket>>();
export async function getSocket(host: string) {
  const known = sockets.get(host);
  if (known) return known;
  const pending = inFlight.get(host);
  if (pending) return pending;
  const promise = connect(host);
  inFlight.set(host, promise);
  const socket = await promise;
  sockets.set(host, socket);
  inFlight.delete(host);
  return socket;
}`,
    // a mark that is set at once
    `class Sync {
  running = false;
  async run() {
    if (this.running) return;
    this.running = true;
    try {
      await upload();
    } finally {
      this.running = false;
    }
  }
}`,
    // a state of its own in between
    `class Job {
  state = 'idle';
  async start() {
    if (this.state !== 'idle') throw new Error('busy');
    this.state = 'starting';
    await spawn();
    this.state = 'running';
  }
}`,
    // a version that is compared
    `class View {
  version = 0;
  data: Data | undefined;
  async refresh() {
    const version = ++this.version;
    if (this.data) return;
    const data = await createData();
    if (version !== this.version) return;
    this.data = data;
  }
}`,
    // added before it is sent
    `const sent = new Set<string>();
export async function notify(id: string) {
  if (sent.has(id)) return;
  sent.add(id);
  await send(id);
}`,
    // awaited first
    `let total = 0;
export async function add(load: () => Promise<number>) {
  const more = await load();
  total += more;
}`,
    // a local
    `export async function sum(urls: string[]) {
  let size = 0;
  for (const url of urls) size += await measure(url);
  return size;
}`,
    // a local of a callback
    `export async function sizes(urls: string[]) {
  return Promise.all(
    urls.map(async (url) => {
      let size = 1;
      size += await measure(url);
      return size;
    }),
  );
}`,
    // read where it is written
    `const counts = new Map<string, number>();
export async function count(key: string) {
  await log(key);
  counts.set(key, (counts.get(key) ?? 0) + 1);
}`,
    // an object of the request
    `export async function handle(req: Request, res: Response) {
  if (!req.user) req.user = await createUser(req);
  res.end(req.user.name);
}`,
    // an answer that is worked out twice
    `const cache = new Map<string, string>();
export async function getPage(url: string) {
  const known = cache.get(url);
  if (known) return known;
  const page = await loadPage(url);
  cache.set(url, page);
  return page;
}`,
    // inside a lock
    `let client: Client | undefined;
export async function getClient() {
  return lock.run('client', async () => {
    if (!client) client = await createClient();
    return client;
  });
}`,
    // behind a lock
    `let client: Client | undefined;
export async function getClient() {
  const release = await mutex.acquire();
  try {
    if (!client) client = await createClient();
    return client;
  } finally {
    release();
  }
}`,
    // through a queue
    `class Store {
  total = 0;
  add(load: () => Promise<number>) {
    return this.queue.add(() => this.addNow(load));
  }
  private async addNow(load: () => Promise<number>) {
    this.total += await load();
  }
}`,
    // run once
    `import { once } from './once.js';
let client: Client | undefined;
export const getClient = once(async () => {
  if (!client) client = await createClient();
  return client;
});`,
    // called once, when the program starts
    `let client: Client | undefined;
async function start() {
  if (!client) client = await createClient();
}
await start();`,
    // an object that is made for one call
    `class Walk {
  total = 0;
  private async visit(node: Node) {
    this.total += await measure(node);
  }
  static async run(node: Node) {
    const walk = new Walk();
    await walk.visit(node);
    return walk.total;
  }
}`,
    // taken out before it is sent
    `class Batch {
  items: string[] = [];
  push(item: string) {
    this.items.push(item);
  }
  async flush() {
    const batch = this.items;
    this.items = [];
    await send(batch);
  }
}`,
    // its own mark, taken back at the end
    `class Loader {
  loading = false;
  async load() {
    this.loading = true;
    try {
      return await fetchAll();
    } finally {
      this.loading = false;
    }
  }
}`,
    // a file that is simply read
    `import { readFile } from 'node:fs/promises';
export async function load(path: string) {
  try {
    return await readFile(path, 'utf8');
  } catch {
    return undefined;
  }
}`,
    // a record, behind a lock
    `import { readFile, writeFile } from 'node:fs/promises';
const FILE = 'count.json';
export async function count() {
  await lock.run(FILE, async () => {
    const record = JSON.parse(await readFile(FILE, 'utf8'));
    record.count += 1;
    await writeFile(FILE, JSON.stringify(record));
  });
}`,
    // one after the other
    `import { existsSync } from 'node:fs';
export async function fetchAll(items: Item[]) {
  for (const item of items) {
    if (!existsSync(item.path)) await download(item.url, item.path);
  }
}`,
    // a constructor
    `class Client {
  socket: Socket | undefined;
  constructor() {
    if (!this.socket) void connect().then((socket) => { this.socket = socket; });
  }
}`,
    // nothing is awaited
    `let client: Client | undefined;
export function getClient() {
  if (!client) client = createClient();
  return client;
}`,
    // a test file
    { code: `let client: Client | undefined;
export async function getClient() {
  return (client ??= await createClient());
}`, filename: 'client.test.ts' },
  ],
  invalid: [
    // a claim on the entry keeps nobody from the total
    {
      code: `class Scheduler {
  total = 0;
  #jobs = new Map<string, { running: boolean }>();
  async trigger(id: string) {
    const job = this.#jobs.get(id)!;
    if (job.running) return;
    job.running = true;
    this.total += await copy(id);
    job.running = false;
  }
}`,
      errors: [{ messageId: 'updated', line: 8, column: 5, endLine: 8, endColumn: 15, suggestions: [{ messageId: 'awaitFirst', output: `class Scheduler {
  total = 0;
  #jobs = new Map<string, { running: boolean }>();
  async trigger(id: string) {
    const job = this.#jobs.get(id)!;
    if (job.running) return;
    job.running = true;
    const result = await copy(id);
    this.total += result;
    job.running = false;
  }
}` }] }],
    },
    // a job that a method hands out
    {
      code: `class Scheduler {
  jobs = new Map<string, Job>();
  async trigger(id: string) {
    const job = this.job(id);
    if (job.running) return;
    await this.journal.append(id);
    job.running = true;
  }
  private job(id: string) {
    const job = this.jobs.get(id);
    if (!job) throw new Error('no such job');
    return job;
  }
}`,
      errors: [
        {
          messageId: 'checked',
          data: { subject: 'job.running', read: '5', written: 'written', pause: `\`await\``, awaited: '6' },
          line: 5,
          column: 9,
          endLine: 7,
          endColumn: 16,
        },
      ],
    },
    // a record that helpers read and write
    {
      code: `import { readFile, writeFile } from 'node:fs/promises';
class Store {
  private async load() {
    return JSON.parse(await readFile('store.json', 'utf8'));
  }
  private async save(record: Store) {
    await writeFile('store.json', JSON.stringify(record));
  }
  async set(key: string, value: string) {
    const record = await this.load();
    record[key] = value;
    await this.save(record);
  }
}`,
      errors: [
        {
          messageId: 'fileUpdate',
          data: { subject: `'store.json'`, read: '10' },
          line: 12,
          column: 11,
          endLine: 12,
          endColumn: 20,
        },
      ],
    },
    // a token that is asked for
    {
      code: `class Api {
  token = '';
  expiry = 0;
  async getToken() {
    if (this.token && Date.now() < this.expiry) return this.token;
    const response = await fetch('/token', { method: 'POST' });
    const { token, expiry } = await response.json();
    this.token = token;
    this.expiry = expiry;
    return this.token;
  }
}`,
      errors: [
        {
          messageId: 'checked',
          data: { subject: 'this.token', read: '5', written: 'written', pause: `\`await\``, awaited: '6' },
          line: 5,
          column: 9,
          endLine: 8,
          endColumn: 15,
        },
      ],
    },
    // a timer
    {
      code: `class Poller {
  timer: NodeJS.Timeout | undefined;
  async start() {
    if (this.timer) return;
    await this.poll();
    this.timer = setInterval(() => this.poll(), 1000);
  }
}`,
      errors: [
        {
          messageId: 'checked',
          data: { subject: 'this.timer', read: '4', written: 'written', pause: `\`await\``, awaited: '5' },
          line: 4,
          column: 9,
          endLine: 6,
          endColumn: 15,
        },
      ],
    },
    // a wait that ends too early
    {
      code: `let locked = false;
export async function withLock(work: () => Promise<void>) {
  while (locked) await sleep(10);
  await prepareWork();
  locked = true;
  await work();
  locked = false;
}`,
      errors: [
        {
          messageId: 'checked',
          data: { subject: 'locked', read: '3', written: 'written', pause: `\`await\``, awaited: '4' },
          line: 3,
          column: 10,
          endLine: 5,
          endColumn: 9,
        },
      ],
    },
    // a balance, written out
    {
      code: `class Account {
  balance = 0;
  async withdraw(amount: number) {
    if (this.balance >= amount) {
      await bank.pay(amount);
      this.balance = this.balance - amount;
    }
  }
}`,
      errors: [
        {
          messageId: 'checked',
          data: { subject: 'this.balance', read: '4', written: 'written', pause: `\`await\``, awaited: '5' },
          line: 4,
          column: 9,
          endLine: 6,
          endColumn: 19,
        },
      ],
    },
    // opened by whoever asks first
    {
      code: `class Repository {
  connection: Connection | undefined;
  async find() {
    if (!this.connection) {
      this.connection = await connect();
    }
    return this.connection;
  }
}`,
      errors: [
        {
          messageId: 'checked',
          data: { subject: 'this.connection', read: '4', written: 'written', pause: `\`await\``, awaited: '5' },
          line: 4,
          column: 10,
          endLine: 5,
          endColumn: 22,
        },
      ],
    },
    // the same with ??=
    {
      code: `let browser: Browser | undefined;
export async function getBrowser() {
  browser ??= await launch();
  return browser;
}`,
      errors: [
        {
          messageId: 'checked',
          data: { subject: 'browser', read: '3', written: 'written', pause: `\`await\``, awaited: '3' },
          line: 3,
          column: 3,
          endLine: 3,
          endColumn: 10,
        },
      ],
    },
    // an early return
    {
      code: `let client: Client | undefined;
export async function getClient() {
  if (client) return client;
  client = await createClient();
  return client;
}`,
      errors: [
        {
          messageId: 'checked',
          data: { subject: 'client', read: '3', written: 'written', pause: `\`await\``, awaited: '4' },
          line: 3,
          column: 7,
          endLine: 4,
          endColumn: 9,
        },
      ],
    },
    // behind other statements
    {
      code: `let pool: Pool | undefined;
export async function getPool() {
  if (pool) return pool;
  const config = await readConfig();
  const made = await createPool(config);
  pool = made;
  return pool;
}`,
      errors: [
        {
          messageId: 'checked',
          data: { subject: 'pool', read: '3', written: 'written', pause: `\`await\``, awaited: '4' },
          line: 3,
          column: 7,
          endLine: 6,
          endColumn: 7,
        },
      ],
    },
    // in a promise chain
    {
      code: `let connection: Connection | undefined;
export async function getConnection() {
  if (connection) return connection;
  return connect().then((made) => {
    connection = made;
    return made;
  });
}`,
      errors: [
        {
          messageId: 'checked',
          data: { subject: 'connection', read: '3', written: 'written on line 5', pause: `\`then\``, awaited: '4' },
          line: 3,
          column: 7,
          endLine: 4,
          endColumn: 24,
        },
      ],
    },
    // in a method that is called
    {
      code: `class Service {
  client: Client | undefined;
  async ask() {
    if (!this.client) await this.open();
    return this.client;
  }
  private async open() {
    const client = await connect();
    this.client = client;
  }
}`,
      errors: [
        {
          messageId: 'checked',
          data: { subject: 'this.client', read: '4', written: 'written on line 9', pause: `\`await\``, awaited: '8' },
          line: 4,
          column: 29,
          endLine: 4,
          endColumn: 38,
        },
      ],
    },
    // a method that asks
    {
      code: `class Service {
  client: Client | undefined;
  isOpen() {
    return this.client !== undefined;
  }
  async open() {
    if (this.isOpen()) return;
    this.client = await connect();
  }
}`,
      errors: [
        {
          messageId: 'checked',
          data: { subject: 'this.client', read: '7', written: 'written', pause: `\`await\``, awaited: '8' },
          line: 7,
          column: 9,
          endLine: 8,
          endColumn: 16,
        },
      ],
    },
    // an entry of a map
    {
      code: `const sessions = new Map<string, Session>();
export async function getSession(user: string) {
  if (!sessions.has(user)) {
    sessions.set(user, await createSession(user));
  }
  return sessions.get(user);
}`,
      errors: [
        {
          messageId: 'checked',
          data: { subject: 'sessions[user]', read: '3', written: 'written', pause: `\`await\``, awaited: '4' },
          line: 3,
          column: 8,
          endLine: 4,
          endColumn: 17,
        },
      ],
    },
    // an entry of an object
    {
      code: `const sockets: Record<string, Socket> = {};
export async function getSocket(host: string) {
  const known = sockets[host];
  if (known) return known;
  const socket = await connect(host);
  sockets[host] = socket;
  return socket;
}`,
      errors: [
        {
          messageId: 'checked',
          data: { subject: 'sockets[host]', read: '3', written: 'written', pause: `\`await\``, awaited: '5' },
          line: 3,
          column: 17,
          endLine: 6,
          endColumn: 16,
        },
      ],
    },
    // a mark that is set too late
    {
      code: `class Sync {
  running = false;
  async run() {
    if (this.running) return;
    await this.prepare();
    this.running = true;
    try {
      await upload();
    } finally {
      this.running = false;
    }
  }
  async prepare() {
    await install();
  }
}`,
      errors: [
        {
          messageId: 'checked',
          data: { subject: 'this.running', read: '4', written: 'written', pause: `\`await\``, awaited: '5' },
          line: 4,
          column: 9,
          endLine: 6,
          endColumn: 17,
          suggestions: [
            { messageId: 'setFirst', data: { subject: 'this.running' }, output: `class Sync {
  running = false;
  async run() {
    if (this.running) return;
    this.running = true;
    try {
      await this.prepare();
      await upload();
    } finally {
      this.running = false;
    }
  }
  async prepare() {
    await install();
  }
}` },
          ],
        },
      ],
    },
    // a name of a state
    {
      code: `class Job {
  state = 'idle';
  async start() {
    if (this.state !== 'idle') throw new Error('busy');
    await spawn();
    this.state = 'running';
  }
}`,
      errors: [
        {
          messageId: 'checked',
          data: { subject: 'this.state', read: '4', written: 'written', pause: `\`await\``, awaited: '5' },
          line: 4,
          column: 9,
          endLine: 6,
          endColumn: 15,
        },
      ],
    },
    // a job out of a map
    {
      code: `const jobs = new Map<string, Job>();
export async function start(id: string) {
  const job = jobs.get(id)!;
  if (job.status !== 'pending') return;
  await launch(job);
  job.status = 'running';
}`,
      errors: [
        {
          messageId: 'checked',
          data: { subject: 'job.status', read: '4', written: 'written', pause: `\`await\``, awaited: '5' },
          line: 4,
          column: 7,
          endLine: 6,
          endColumn: 13,
        },
      ],
    },
    // what was sent already
    {
      code: `const sent = new Set<string>();
export async function notify(id: string) {
  if (sent.has(id)) return;
  await send(id);
  sent.add(id);
}`,
      errors: [
        {
          messageId: 'checked',
          data: { subject: 'sent[id]', read: '3', written: 'written', pause: `\`await\``, awaited: '4' },
          line: 3,
          column: 7,
          endLine: 5,
          endColumn: 11,
        },
      ],
    },
    // a sum
    {
      code: `let total = 0;
export async function add(load: () => Promise<number>) {
  total += await load();
}`,
      errors: [
        {
          messageId: 'updated',
          data: { subject: 'total', read: '3', written: 'written', pause: `\`await\``, awaited: '3' },
          line: 3,
          column: 3,
          endLine: 3,
          endColumn: 8,
          suggestions: [
            { messageId: 'awaitFirst', data: { subject: 'total' }, output: `let total = 0;
export async function add(load: () => Promise<number>) {
  const result = await load();
  total += result;
}` },
          ],
        },
      ],
    },
    // a sum, written out
    {
      code: `class Counter {
  total = 0;
  async add(load: () => Promise<number>) {
    this.total = this.total + (await load());
  }
}`,
      errors: [
        {
          messageId: 'updated',
          data: { subject: 'this.total', read: '4', written: 'written', pause: `\`await\``, awaited: '4' },
          line: 4,
          column: 5,
          endLine: 4,
          endColumn: 15,
          suggestions: [
            { messageId: 'awaitFirst', data: { subject: 'this.total' }, output: `class Counter {
  total = 0;
  async add(load: () => Promise<number>) {
    const result = await load();
    this.total = this.total + result;
  }
}` },
          ],
        },
      ],
    },
    // a sum from an old value
    {
      code: `let total = 0;
export async function add(load: () => Promise<number>) {
  const before = total;
  const more = await load();
  total = before + more;
}`,
      errors: [
        {
          messageId: 'updated',
          data: { subject: 'total', read: '3', written: 'written', pause: `\`await\``, awaited: '4' },
          line: 5,
          column: 3,
          endLine: 5,
          endColumn: 8,
          suggestions: [
            { messageId: 'readAgain', data: { subject: 'total' }, output: `let total = 0;
export async function add(load: () => Promise<number>) {
  const before = total;
  const more = await load();
  total = total + more;
}` },
          ],
        },
      ],
    },
    // a list that is written anew
    {
      code: `let rows: string[] = [];
export async function append(load: () => Promise<string>) {
  rows = [...rows, await load()];
}`,
      errors: [
        {
          messageId: 'updated',
          data: { subject: 'rows', read: '3', written: 'written', pause: `\`await\``, awaited: '3' },
          line: 3,
          column: 3,
          endLine: 3,
          endColumn: 7,
          suggestions: [
            { messageId: 'awaitFirst', data: { subject: 'rows' }, output: `let rows: string[] = [];
export async function append(load: () => Promise<string>) {
  const result = await load();
  rows = [...rows, result];
}` },
          ],
        },
      ],
    },
    // a counter in a map
    {
      code: `const counts = new Map<string, number>();
export async function count(key: string) {
  const before = counts.get(key) ?? 0;
  await log(key);
  counts.set(key, before + 1);
}`,
      errors: [
        {
          messageId: 'updated',
          data: { subject: 'counts[key]', read: '3', written: 'written', pause: `\`await\``, awaited: '4' },
          line: 5,
          column: 3,
          endLine: 5,
          endColumn: 13,
          suggestions: [
            { messageId: 'readAgain', data: { subject: 'counts[key]' }, output: `const counts = new Map<string, number>();
export async function count(key: string) {
  const before = counts.get(key) ?? 0;
  await log(key);
  counts.set(key, (counts.get(key) ?? 0) + 1);
}` },
          ],
        },
      ],
    },
    // a counter in a store outside
    {
      code: `export async function visit(redis: Redis, page: string) {
  const hits = Number(await redis.get(page));
  await redis.set(page, hits + 1);
}`,
      errors: [
        {
          messageId: 'updated',
          data: { subject: 'redis[page]', read: '2', written: 'written', pause: `\`await\``, awaited: '2' },
          line: 3,
          column: 9,
          endLine: 3,
          endColumn: 18,
        },
      ],
    },
    // calls that share a variable
    {
      code: `export async function sum(urls: string[]) {
  let size = 0;
  await Promise.all(
    urls.map(async (url) => {
      size += await measure(url);
    }),
  );
  return size;
}`,
      errors: [
        {
          messageId: 'updated',
          data: { subject: 'size', read: '5', written: 'written', pause: `\`await\``, awaited: '5' },
          line: 5,
          column: 7,
          endLine: 5,
          endColumn: 11,
          suggestions: [
            { messageId: 'awaitFirst', data: { subject: 'size' }, output: `export async function sum(urls: string[]) {
  let size = 0;
  await Promise.all(
    urls.map(async (url) => {
      const result = await measure(url);
      size += result;
    }),
  );
  return size;
}` },
          ],
        },
      ],
    },
    // a stock
    {
      code: `const stock: Record<string, number> = {};
export async function buy(id: string, count: number) {
  if ((stock[id] ?? 0) < count) throw new Error('sold out');
  await pay(id);
  stock[id] -= count;
}`,
      errors: [
        {
          messageId: 'checked',
          data: { subject: 'stock[id]', read: '3', written: 'written', pause: `\`await\``, awaited: '4' },
          line: 3,
          column: 8,
          endLine: 5,
          endColumn: 12,
        },
      ],
    },
    // a limit
    {
      code: `const open: Connection[] = [];
export async function lease() {
  if (open.length >= 10) throw new Error('too many');
  const connection = await connect();
  open.push(connection);
  return connection;
}`,
      errors: [
        {
          messageId: 'checked',
          data: { subject: 'open', read: '3', written: 'written', pause: `\`await\``, awaited: '4' },
          line: 3,
          column: 7,
          endLine: 5,
          endColumn: 12,
        },
      ],
    },
    // a batch
    {
      code: `class Batch {
  items: string[] = [];
  push(item: string) {
    this.items.push(item);
  }
  async flush() {
    if (this.items.length === 0) return;
    await send(this.items);
    this.items = [];
  }
}`,
      errors: [
        {
          messageId: 'emptied',
          data: { subject: 'this.items', read: '7', pause: `\`await\``, awaited: '8' },
          line: 7,
          column: 9,
          endLine: 9,
          endColumn: 15,
        },
      ],
    },
    // a copy of a batch
    {
      code: `const lines: string[] = [];
export function log(line: string) {
  lines.push(line);
}
export async function flush() {
  const batch = [...lines];
  await send(batch);
  lines.length = 0;
}`,
      errors: [
        {
          messageId: 'emptied',
          data: { subject: 'lines', read: '6', pause: `\`await\``, awaited: '7' },
          line: 8,
          column: 3,
          endLine: 8,
          endColumn: 15,
        },
      ],
    },
    // a file that is asked for first
    {
      code: `import { access, readFile } from 'node:fs/promises';
export async function load(path: string) {
  try {
    await access(path);
    return await readFile(path, 'utf8');
  } catch {
    return undefined;
  }
}`,
      errors: [
        {
          messageId: 'fileAccess',
          data: { act: '5', subject: 'path' },
          line: 4,
          column: 11,
          endLine: 4,
          endColumn: 17,
          suggestions: [
            { messageId: 'dropAccess', output: `import { access, readFile } from 'node:fs/promises';
export async function load(path: string) {
  try {
    return await readFile(path, 'utf8');
  } catch {
    return undefined;
  }
}` },
          ],
        },
      ],
    },
    // a record in a file
    {
      code: `import { readFile, writeFile } from 'node:fs/promises';
const FILE = 'count.json';
export async function count() {
  const record = JSON.parse(await readFile(FILE, 'utf8'));
  record.count += 1;
  await writeFile(FILE, JSON.stringify(record));
}`,
      errors: [
        {
          messageId: 'fileUpdate',
          data: { subject: 'FILE', read: '4' },
          line: 6,
          column: 9,
          endLine: 6,
          endColumn: 18,
        },
      ],
    },
    // a download that several wait for
    {
      code: `import { existsSync } from 'node:fs';
export async function fetchAll(items: Item[]) {
  await Promise.all(items.map(async (item) => {
    if (!existsSync(item.path)) await download(item.url, item.path);
  }));
}`,
      errors: [
        {
          messageId: 'fileCreation',
          data: { subject: 'item.path', act: '4' },
          line: 4,
          column: 10,
          endLine: 4,
          endColumn: 20,
        },
      ],
    },
    // a callback of Node.js
    {
      code: `let connection: Connection | undefined;
export function getConnection(done: Done) {
  if (connection) return done(null, connection);
  driver.connect({}, (error, made) => {
    if (error) return done(error);
    connection = made;
    done(null, made);
  });
}`,
      errors: [
        {
          messageId: 'checked',
          data: { subject: 'connection', read: '3', written: 'written on line 6', pause: `\`then\``, awaited: '4' },
          line: 3,
          column: 7,
          endLine: 4,
          endColumn: 17,
        },
      ],
    },
    // an answer that is worked out twice, when asked
    {
      code: `const cache = new Map<string, string>();
export async function getPage(url: string) {
  const known = cache.get(url);
  if (known) return known;
  const page = await loadPage(url);
  cache.set(url, page);
  return page;
}`,
      options: [{ includePotential: true }],
      errors: [
        {
          messageId: 'checked',
          data: { subject: 'cache[url]', read: '3', written: 'written', pause: `\`await\``, awaited: '5' },
          line: 3,
          column: 17,
          endLine: 6,
          endColumn: 12,
        },
      ],
    },
    // an argument that others may have, when asked
    {
      code: `export async function getUser(session: Session) {
  if (!session.client) session.client = await connect();
  return session.client;
}`,
      options: [{ includePotential: true }],
      errors: [
        {
          messageId: 'checked',
          data: { subject: 'session.client', read: '2', written: 'written', pause: `\`await\``, awaited: '2' },
          line: 2,
          column: 24,
          endLine: 2,
          endColumn: 38,
        },
      ],
    },
    // plain JavaScript
    {
      code: `let client;
module.exports.getClient = async function () {
  if (!client) client = await createClient();
  return client;
};`,
      filename: 'client.js',
      errors: [
        {
          messageId: 'checked',
          data: { subject: 'client', read: '3', written: 'written', pause: `\`await\``, awaited: '3' },
          line: 3,
          column: 16,
          endLine: 3,
          endColumn: 22,
        },
      ],
    },
    // a test file, when asked
    {
      code: `let client: Client | undefined;
export async function getClient() {
  return (client ??= await createClient());
}`,
      options: [{ checkTestFiles: true }],
      filename: 'client.test.ts',
      errors: [
        {
          messageId: 'checked',
          data: { subject: 'client', read: '3', written: 'written', pause: `\`await\``, awaited: '3' },
          line: 3,
          column: 11,
          endLine: 3,
          endColumn: 17,
        },
      ],
    },
  ],
});
