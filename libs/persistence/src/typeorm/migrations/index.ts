import { Initial1763900000000 } from './0001-initial';

/** In the order in which they run. */
export const MIGRATIONS = [Initial1763900000000];

export const MIGRATIONS_TABLE = 'schema_migrations';
