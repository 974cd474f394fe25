import { Initial1763900000000 } from './0001-initial';
import { ApiKeys1764000000000 } from './0002-api-keys';
import { Maintenances1764000001000 } from './0003-maintenances';
import { StatusPages1764000002000 } from './0004-status-pages';
import { Audit1764000003000 } from './0005-audit';
import { Proxies1764000004000 } from './0006-proxies';

/** In the order in which they run. */
export const MIGRATIONS = [
  Initial1763900000000,
  ApiKeys1764000000000,
  Maintenances1764000001000,
  StatusPages1764000002000,
  Audit1764000003000,
  Proxies1764000004000,
];

export const MIGRATIONS_TABLE = 'schema_migrations';
