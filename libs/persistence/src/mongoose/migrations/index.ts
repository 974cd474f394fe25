import { initial } from './0001-initial';
import { apiKeys } from './0002-api-keys';
import { maintenances } from './0003-maintenances';
import { statusPages } from './0004-status-pages';
import { audit } from './0005-audit';
import { proxies } from './0006-proxies';
import type { Migration } from './migration';

/** In the order in which they run. */
export const MIGRATIONS: readonly Migration[] = [initial, apiKeys, maintenances, statusPages, audit, proxies];
