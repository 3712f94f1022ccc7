import { type CallLike, type Node, getPropertyName, getStringValue, isFunction, skipWrappers } from '../syntax/node.js';
import type { SourceFile } from '../source-file.js';

/** Modules of which every function goes to the file system, the network or another process. */
const IO_FUNCTIONS =
  /^(?:fs|fs-extra|graceful-fs|child_process|dns|node-fetch|cross-fetch|isomorphic-fetch|axios|got|ky|superagent|needle|phin|execa|cross-spawn|nano-spawn|tinyexec|globby|fast-glob|tinyglobby|glob|rimraf|del|cpy|make-dir|mkdirp|load-json-file|write-file-atomic|tar)$/;
/** Of these modules only some functions do. */
const SOME_IO = new Set([
  'http:request', 'http:get', 'https:request', 'https:get', 'net:connect', 'net:createConnection', 'tls:connect',
  'undici:fetch', 'undici:request', 'undici:stream', 'undici:pipeline', 'undici:Client.prototype.request', 'undici:Pool.prototype.request',
]);
/** Modules of which the methods of a client do: `new Pool().query`, `createClient().get`. */
const IO_CLIENTS =
  /^(?:pg|mysql|mysql2|mysql2\/promise|mongodb|redis|ioredis|sqlite3|knex|typeorm|drizzle-orm|sequelize|nodemailer|ssh2|simple-git|octokit|googleapis|stripe|openai|firebase-admin|minio|axios|got|ky|@prisma\/client|@(?:aws-sdk|azure|google-cloud|octokit|anthropic-ai|elastic|supabase|slack|sendgrid)\/.+)$/;
const NO_IO =
  /(?:Sync|Error)$|[.:]sync$|^fs:(?:promises\.)?constants|^(?:fs(?:-extra)?|graceful-fs):(?:createReadStream|createWriteStream|watch|watchFile|unwatchFile|close)$|^axios:(?:isAxiosError|isCancel|create|toFormData)$|^(?:got|ky):(?:extend|create)$|^(?:fast-)?glob:(?:escape\w*|isDynamicPattern|hasMagic)$/;
const NO_IO_METHOD =
  /^(?:on|once|off|addListener|removeListener|kill|unref|ref|pipe|then|catch|finally|toString|toJSON|toISOString|close|destroy|end|escape|escapeId|format|isValid|extend|create|defaults|replace|split|trim|map|filter|forEach|join|slice|includes|startsWith|endsWith|ref|collection|doc|bucket|file|db|table|model|prepare|batch|bind)$/;

const DATABASE_NAME = /^(?:db|database|prisma|knex|pool|pgPool|mongo|redis|conn|connection|tx|trx|dataSource|entityManager|manager|em|[a-z]\w*(?:Repository|Repo|Collection|Model))$/;
const DATABASE_METHOD =
  /^(?:query|queryRaw|\$queryRaw|\$executeRaw|execute|executeQuery|find|findOne|findMany|findUnique|findFirst|findById|findAll|findOneBy|findBy|insert|insertOne|insertMany|update|updateOne|updateMany|upsert|delete|deleteOne|deleteMany|save|createMany|count|aggregate|bulkWrite|hget|hset|hgetall)$/;
const CLIENT_NAME = /(?:api|http|axios|client|fetcher|octokit|github|gitlab)$/i;
const CLIENT_METHOD = /^(?:get|post|put|patch|delete|head|request|fetch|getJson|postJson|putJson|patchJson|deleteJson|getText)$/;

/** What a call does, in words for a message (`fetch`, `readFile`), where it is known to start I/O that takes its time; else undefined. */
export function findIo(file: SourceFile, call: CallLike): string | undefined {
  if (call.type === 'NewExpression') return undefined;
  const callee = skipWrappers(call.callee);
  const known = findIoOfFunction(file, callee);
  if (known !== undefined || callee.type !== 'MemberExpression') return known;
  const method = getPropertyName(callee);
  const owner = getName(skipWrappers(callee.object));
  if (method === undefined || owner === undefined) return undefined;
  // prisma.user.findMany(…), this.db.query(…)
  if (DATABASE_METHOD.test(method) && hasDatabase(callee.object) && !isFunction(call.arguments[0])) return `${owner}.${method}`;
  // client.get(`/users/${id}`)
  return CLIENT_METHOD.test(method) && CLIENT_NAME.test(owner) && isUrl(call.arguments[0]) ? `${owner}.${method}` : undefined;
}

/** The same of a function that is only named: `urls.map(fetch)`. */
export function findIoOfFunction(file: SourceFile, fn: Node): string | undefined {
  const node = skipWrappers(fn);
  const origin = file.getOrigin(node);
  if (origin === undefined) return undefined;
  if (origin === 'global:fetch') return 'fetch';
  const name = getName(node);
  const module = origin.slice(0, origin.indexOf(':'));
  if (SOME_IO.has(origin)) return name;
  // What a call gave back, or an instance: readFile().replace is no I/O, createPool().query is.
  const isOfInstance = origin.includes('()') || origin.includes('.prototype');
  if (isOfInstance) return IO_CLIENTS.test(module) && name !== undefined && !NO_IO_METHOD.test(name) && !/(?:\(\)|\.prototype)$/.test(origin) ? name : undefined;
  return IO_FUNCTIONS.test(module) && !NO_IO.test(origin) ? name : undefined;
}

/** db.user.findMany, this.prisma.order.update, userRepository.save */
function hasDatabase(object: Node): boolean {
  for (let node = skipWrappers(object); ; node = skipWrappers(node.object)) {
    const name = getName(node);
    if (name !== undefined && DATABASE_NAME.test(name)) return true;
    if (node.type !== 'MemberExpression') return false;
  }
}

function isUrl(argument: Node | undefined): boolean {
  if (!argument) return false;
  const node = skipWrappers(argument);
  const text = node.type === 'TemplateLiteral' ? node.quasis.map(({ value }) => value.raw).join('*') : getStringValue(node);
  return text !== undefined && /^(?:\*?\/|https?:)/.test(text);
}

function getName(node: Node): string | undefined {
  if (node.type === 'Identifier') return node.name;
  if (node.type === 'MemberExpression') return getPropertyName(node);
  return node.type === 'ThisExpression' ? 'this' : undefined;
}
