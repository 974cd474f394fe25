import { loadEnv } from '@app/core';
import type { DatabaseType, EntityClass, Env, Store, Timeline } from '@app/core';
import { openMongo, toSchema } from '@app/persistence/mongoose';
import type { OpenMongo } from '@app/persistence/mongoose';
import { DataSource } from 'typeorm';
import { openWriter, sqlitePorts } from '../../libs/persistence/src/typeorm/sqlite/open-sqlite';
import { readerOptions, writerOptions } from '../../libs/persistence/src/typeorm/sqlite/sqlite.options';
import { openPostgresPool, postgresPorts } from '../../libs/persistence/src/typeorm/postgres/open-postgres';
import { postgresMigrations } from '../../libs/persistence/src/typeorm/postgres/postgres.migrations';
import { findFlavour } from '../../libs/persistence/src/typeorm/mysql/mysql.startup';
import { mysqlMigrations } from '../../libs/persistence/src/typeorm/mysql/mysql.migrations';
import { mysqlPorts, openMysqlPool } from '../../libs/persistence/src/typeorm/mysql/open-mysql';
import { FakeClock } from '../support/clock';
import { createDatabase } from '../support/databases';

/** The ports on an empty, migrated database of an engine. */
export interface ContractDatabase {
  env: Env;
  store: Store;
  timeline: Timeline;
  clock: FakeClock;
  /** Whether nobody sees what a transaction does before its end, or writes in between; MongoDB cannot promise it. */
  isolated: boolean;
  /** How many random streams to try; for a server that takes long over each. */
  runs?: number;
  /** How many beats and buckets the engine holds, those of forgotten monitors included. */
  rows(): Promise<{ beats: number; buckets: number }>;
  /** Makes the tables of the test's own entities, which no migration knows. */
  synchronize(): Promise<void>;
  close(): Promise<void>;
}

/** The same with the connections of a SQL engine. */
export interface SqlDatabase extends ContractDatabase {
  /** What the server uses. */
  dataSource: DataSource;
  /** One that knows the entities and takes its time. */
  schema: DataSource;
}

type Parts = Pick<SqlDatabase, 'store' | 'timeline' | 'dataSource' | 'schema'> & { disconnect(): Promise<void> };

const SQL: Record<
  'sqlite' | 'postgres' | 'mysql',
  (env: Env, entities: readonly EntityClass[], clock: FakeClock) => Promise<Parts>
> = {
  async sqlite(env, entities, clock) {
    const writer = await openWriter(writerOptions(env.DB_NAME, entities), 'auto');
    const reader = await new DataSource(readerOptions(env.DB_NAME)).initialize();
    const disconnect = async () => {
      await reader.destroy();
      await writer.destroy();
    };
    return { ...sqlitePorts(writer, reader, clock), dataSource: writer, schema: writer, disconnect };
  },
  async mysql(env, entities, clock) {
    const migrations = await mysqlMigrations(env, await findFlavour(env), entities);
    const dataSource = await openMysqlPool(env, entities);
    const disconnect = async () => {
      await dataSource.destroy();
      await migrations.close();
    };
    return { ...mysqlPorts(dataSource, clock), dataSource, schema: migrations.dataSource, disconnect };
  },
  async postgres(env, entities, clock) {
    const migrations = await postgresMigrations(env, entities);
    const dataSource = await openPostgresPool(env, entities);
    const disconnect = async () => {
      await dataSource.destroy();
      await migrations.close();
    };
    return { ...postgresPorts(dataSource, clock), dataSource, schema: migrations.dataSource, disconnect };
  },
};

export type SqlEngine = keyof typeof SQL;
export const SQL_ENGINES = Object.keys(SQL) as SqlEngine[];

/** @param env variables that differ from their defaults */
export async function openSqlDatabase(
  engine: SqlEngine,
  entities: readonly EntityClass[],
  variables: Record<string, string> = {},
): Promise<SqlDatabase> {
  const database = await createDatabase(engine);
  const env = loadEnv({ ...database.env, ...variables });
  const clock = new FakeClock();
  const { disconnect, ...parts } = await SQL[engine](env, entities, clock);
  const count = async (table: string) => {
    const [row] = await parts.schema.query<{ n: unknown }[]>(`SELECT COUNT(*) AS n FROM ${table}`);
    return Number(row!.n);
  };
  return {
    ...parts,
    env,
    clock,
    isolated: true,
    async rows() {
      const series = await Promise.all(['series_minute', 'series_hour', 'series_day'].map(count));
      return { beats: await count('heartbeats'), buckets: series.reduce((sum, n) => sum + n, 0) };
    },
    synchronize: () => parts.schema.synchronize(),
    async close() {
      await disconnect();
      await database.drop();
    },
  };
}

/** The same with the connection of MongoDB. */
export type MongoDatabase = ContractDatabase & Omit<OpenMongo, 'close'>;

export async function openMongoDatabase(entities: readonly EntityClass[]): Promise<MongoDatabase> {
  const database = await createDatabase('mongo');
  const env = loadEnv(database.env);
  const clock = new FakeClock();
  const open = await openMongo(env, entities, clock);
  const count = (name: string) => open.db.collection(name).countDocuments();
  return {
    ...open,
    env,
    clock,
    isolated: false,
    runs: 15,
    async rows() {
      const series = await Promise.all(['series_minute', 'series_hour', 'series_day'].map(count));
      return { beats: await count('heartbeats'), buckets: series.reduce((sum, n) => sum + n, 0) };
    },
    async synchronize() {
      for (const entity of entities) {
        await open.connection.model(entity.name, toSchema(entity)).createIndexes();
      }
    },
    async close() {
      await open.close();
      await database.drop();
    },
  };
}

/** On any engine. */
export function openDatabase(engine: DatabaseType, entities: readonly EntityClass[]): Promise<ContractDatabase> {
  return engine === 'mongo' ? openMongoDatabase(entities) : openSqlDatabase(engine, entities);
}
