import type { MethodEffect, ResourceKind } from './resource-kind.js';

/** A connection taken out of a pool: not put back, it is missing for good, and the pool runs dry. Source: pg, mysql2, generic-pool documentation. */
export const poolClient: ResourceKind = {
  id: 'pool-client',
  label: 'pool client',
  triggers: ['connect', 'getConnection', 'acquire', 'Pool', 'pool'],
  acquisitions: [
    { calls: ['pg:Pool.prototype.connect', 'pg-pool:prototype.connect', '@neondatabase/serverless:Pool.prototype.connect', '@vercel/postgres:createPool().connect'], yields: 'promise' },
    { calls: ['mysql2:promise.createPool().getConnection', 'mysql2/promise:createPool().getConnection', 'promise-mysql:createPool().getConnection', 'mariadb:createPool().getConnection'], yields: 'promise' },
    { calls: ['mysql:createPool().getConnection', 'mysql2:createPool().getConnection', '.getConnection'], yields: 'callback', parameter: 1, errorParameter: 0 },
    // The name alone: of mysql2, mariadb, oracledb, snowflake pools behind a field or a parameter.
    { calls: ['.getConnection'], yields: 'promise', certainty: 'potential' },
  ],
  methods: { release: 'release', destroy: 'release', end: 'release', close: 'release' },
  releasers: [{ calls: ['.release', '.releaseConnection', '.destroy'], argument: 0 }],
  otherMethods: 'borrow',
  fields: 'owned',
  onImplicitException: 'certain',
};

/** TypeORM: "make sure to release it after it is not needed anymore". Source: TypeORM, "Working with Query Runner". */
export const queryRunner: ResourceKind = {
  id: 'query-runner',
  label: 'query runner',
  triggers: ['createQueryRunner'],
  acquisitions: [{ calls: ['.createQueryRunner'], yields: 'value' }],
  methods: { release: 'release' },
  properties: { manager: 'manager', connection: 'manager' },
  parts: { manager: { isView: true, otherMethods: 'borrow' } },
  otherMethods: 'borrow',
  fields: 'owned',
  onUnknownCall: 'borrowed',
  releaserNames: '^(?:release|close|dispose|destroy|end|cleanup|teardown|finish)',
  refinements: [{ property: 'isReleased', is: 'truthy' }],
  onImplicitException: 'certain',
};

/** Messages keep coming to whoever listens for them, and with them the connection. */
const LISTEN: MethodEffect = { when: { argument: 0, equals: ['error', 'connect', 'ready', 'end', 'close', 'reconnecting'] }, effect: 'self', otherwise: 'release' };

/** A database connection of one's own. A server keeps it for life; a function that opens one for itself closes it. */
export const databaseClient: ResourceKind = {
  id: 'database-client',
  label: 'database connection',
  triggers: ['Client', 'createConnection', 'createClient', 'MongoClient', 'Redis', 'Database'],
  acquisitions: [
    { calls: ['mysql2/promise:createConnection', 'mysql2:promise.createConnection', 'mongodb:MongoClient.connect', 'mariadb:createConnection', 'oracledb:getConnection', 'snowflake-sdk:createConnection'], yields: 'promise' },
    { calls: ['mysql:createConnection', 'mysql2:createConnection'], yields: 'value' },
    { calls: ['ioredis:default', 'ioredis:Redis', 'better-sqlite3:default', 'sqlite3:Database', 'sqlite:DatabaseSync'], isConstructor: true, yields: 'value', mayStay: true },
    // They connect at the first query.
    { calls: ['knex:default', 'knex:knex'], yields: 'value', mayStay: true },
    { calls: ['@prisma/client:PrismaClient'], isConstructor: true, yields: 'value', mayStay: true },
    // Until it is connected such a client holds nothing.
    { calls: ['pg:Client.prototype.connect', 'mongodb:MongoClient.prototype.connect', 'redis:createClient().connect'], yields: 'receiver' },
  ],
  methods: {
    end: 'release', close: 'release', destroy: 'release', quit: 'release', disconnect: 'release', $disconnect: 'release',
    db: { part: 'handle' }, duplicate: 'borrow', on: LISTEN, once: LISTEN, addListener: LISTEN, subscribe: 'release', pSubscribe: 'release', psubscribe: 'release', pipeline: { part: 'handle' }, prepare: { part: 'handle' }, multi: { part: 'handle' },
  },
  parts: { handle: { otherMethods: 'borrow' } },
  otherMethods: 'borrow',
  fields: 'owned',
  isLongLived: true,
  isIdle: true,
  onImplicitException: 'certain',
};

/** Source: MongoDB's documentation of `startSession`: the server keeps it for half an hour. */
export const session: ResourceKind = {
  id: 'database-session',
  label: 'session',
  triggers: ['startSession'],
  acquisitions: [{ calls: ['.startSession'], yields: 'value', mayStay: true }],
  methods: { endSession: 'release', end: 'release' },
  otherMethods: 'borrow',
  onUnknownCall: 'borrowed',
  releaserNames: '^(?:end|release|close|finish|clean)',
  isDisposable: true,
  onImplicitException: 'certain',
};

/** A transaction that is neither committed nor rolled back keeps its connection and its locks. Source: Knex, Sequelize documentation. */
export const transaction: ResourceKind = {
  id: 'transaction',
  label: 'transaction',
  triggers: ['transaction'],
  acquisitions: [{ calls: ['knex:default().transaction', 'knex:knex().transaction', 'sequelize:Sequelize.prototype.transaction'], yields: 'promise' }],
  methods: { commit: 'release', rollback: 'release' },
  otherMethods: 'borrow',
  onUnknownCall: 'borrowed',
  releaserNames: '^(?:commit|rollback|finish|end|abort)',
  onImplicitException: 'certain',
};
