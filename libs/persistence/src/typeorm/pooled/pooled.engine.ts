import { Clock, Store, Timeline } from '@app/core';
import type { EntityClass } from '@app/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import type { DatabaseEnv, Engine, Migrations } from '../../engine';

interface Ports {
  store: Store;
  timeline: Timeline;
}

export interface PooledEngineParts {
  /** TypeORM's name of it. */
  type: 'postgres' | 'mysql';
  /** On a schema that is up to date, or made so. @throws StartupError */
  open: (env: DatabaseEnv, entities: readonly EntityClass[]) => Promise<DataSource>;
  ports: (dataSource: DataSource, clock: Clock) => Ports;
  migrations: (env: DatabaseEnv) => Promise<Migrations>;
}

const PORTS = Symbol('ports');

/** An engine whose data are on a database server. */
export function pooledEngine({ type, open, ports, migrations }: PooledEngineParts): Engine {
  return {
    place: ({ DB_HOST, DB_PORT, DB_NAME, DB_TYPE }) => `${DB_TYPE} database ${DB_NAME} at ${DB_HOST}:${DB_PORT}`,
    module: (env, entities) => ({
      imports: [
        TypeOrmModule.forRootAsync({
          useFactory: () => ({ type, retryAttempts: 0 }),
          dataSourceFactory: () => open(env, entities),
        }),
      ],
      providers: [
        { provide: PORTS, inject: [DataSource, Clock], useFactory: ports },
        { provide: Store, inject: [PORTS], useFactory: ({ store }: Ports) => store },
        { provide: Timeline, inject: [PORTS], useFactory: ({ timeline }: Ports) => timeline },
      ],
    }),
    migrations,
  };
}
