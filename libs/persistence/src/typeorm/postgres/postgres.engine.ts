import type { Engine } from '../../engine';
import { pooledEngine } from '../pooled/pooled.engine';
import { openPostgresPool, postgresPorts } from './open-postgres';
import { postgresMigrations } from './postgres.migrations';

export const postgresEngine: Engine = pooledEngine({
  type: 'postgres',
  open: openPostgresPool,
  ports: postgresPorts,
  migrations: (env) => postgresMigrations(env),
});
