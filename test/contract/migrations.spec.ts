import { StartupError, loadEnv } from '@app/core';
import type { Env } from '@app/core';
import type { DataSource } from 'typeorm';
import { ENTITIES } from '@app/modules/entities';
import { mysqlMigrations } from '../../libs/persistence/src/typeorm/mysql/mysql.migrations';
import { findFlavour } from '../../libs/persistence/src/typeorm/mysql/mysql.startup';
import { postgresMigrations } from '../../libs/persistence/src/typeorm/postgres/postgres.migrations';
import type { SqlMigrations } from '../../libs/persistence/src/typeorm/sql-migrations';
import { createDatabase } from '../support/databases';
import type { TestDatabase } from '../support/databases';
import { onEngines } from '../support/engines';

const OPEN: Record<string, (env: Env) => Promise<SqlMigrations>> = {
  postgres: (env) => postgresMigrations(env, ENTITIES),
  mysql: async (env) => mysqlMigrations(env, await findFlavour(env), ENTITIES),
};

onEngines(['postgres', 'mysql'], (engine) => {
  let database: TestDatabase;
  let migrations: SqlMigrations;
  let others: SqlMigrations[];

  beforeEach(async () => {
    database = await createDatabase(engine);
    others = [];
    migrations = await OPEN[engine]!(loadEnv(database.env));
  });
  afterEach(async () => {
    for (const one of [migrations, ...others]) await one.close();
    await database.drop();
  });

  /** Another process on the same database. */
  const another = async () => {
    const other = await OPEN[engine]!(loadEnv(database.env));
    others.push(other);
    return other;
  };
  const query = (sql: string): Promise<unknown> => migrations.dataSource.query(sql);
  const difference = async ({ driver }: DataSource = migrations.dataSource) => {
    const { upQueries } = await driver.createSchemaBuilder().log();
    return upQueries.map((statement) => statement.query);
  };

  it('make what the entities say', async () => {
    await expect(difference()).resolves.not.toEqual([]);

    const ran = await migrations.up();

    expect(ran).toEqual((await migrations.status()).map(({ name }) => name));
    await expect(difference()).resolves.toEqual([]);
    await expect(migrations.up()).resolves.toEqual([]);
  });

  it('go back to nothing, and forward again', async () => {
    const ran = await migrations.up();

    for (const name of [...ran].reverse()) await expect(migrations.down()).resolves.toBe(name);
    await expect(migrations.down()).resolves.toBeNull();
    await expect(migrations.up()).resolves.toEqual(ran);

    await expect(difference()).resolves.toEqual([]);
  });

  it('are run by one at a time: of two, one works and one waits', async () => {
    const other = await another();

    const [one, two] = await Promise.all([migrations.up(), other.up()]);

    expect([one.length, two.length].sort()).toEqual([0, (await migrations.status()).length]);
    await expect(difference()).resolves.toEqual([]);
  });

  it('begin again where they were cut off, whatever statement that was', async () => {
    jest.spyOn(console, 'log').mockImplementation(() => undefined); // TypeORM tells of every failure
    // PostgreSQL takes a migration back that was cut off: there, where it happens makes less of a difference.
    const step = engine === 'postgres' ? 8 : 1;
    for (let cut = 1; ; cut += step) {
      const mend = cutOffAfter(migrations.dataSource, cut);
      const finished = await migrations.up().then(
        () => true,
        () => false,
      );
      mend();
      if (finished) break;
    }
    jest.restoreAllMocks();
    await expect(difference()).resolves.toEqual([]);
  });

  it.each([
    ['of the server that we replace', 'CREATE TABLE bun_migrations (id INTEGER)', 'was made by Peekaping 0.0.x'],
    ['of another program', 'CREATE TABLE invoices (id INTEGER)', 'holds tables of another program'],
  ])('leave a database %s as it is', async (_, statement, message) => {
    await query(statement);

    for (const attempt of [() => migrations.up(), () => migrations.ensure('auto'), () => migrations.ensure('check')]) {
      const error: unknown = await attempt().catch((e: unknown) => e);
      expect(error).toBeInstanceOf(StartupError);
      expect((error as Error).message).toContain(message);
    }
  });

  it('leave a database of a newer version as it is', async () => {
    await migrations.up();
    await query("INSERT INTO schema_migrations (timestamp, name) VALUES (9999999999999, 'Later9999999999999')");

    await expect(migrations.ensure('auto')).rejects.toThrow('newer version of this server (Later9999999999999)');
  });

  it('are asked for by name when the schema is behind and may not be changed', async () => {
    await expect(migrations.ensure('check')).rejects.toThrow('npm run migrate -- up');

    await migrations.up();

    await expect(migrations.ensure('check')).resolves.toBeUndefined();
  });
});

/** Lets so many statements that change the schema through, then loses the connection. @returns an end to it */
function cutOffAfter(dataSource: DataSource, statements: number): () => void {
  const create = dataSource.createQueryRunner.bind(dataSource);
  let left = statements;
  dataSource.createQueryRunner = (mode) => {
    const runner = create(mode);
    const send = runner.query.bind(runner) as (...args: unknown[]) => Promise<never>;
    runner.query = (...args: unknown[]) => {
      if (/^\s*(CREATE|ALTER|INSERT)/i.test(String(args[0])) && --left < 0) throw new Error('cut off');
      return send(...args);
    };
    return runner;
  };
  return () => {
    dataSource.createQueryRunner = create;
  };
}
