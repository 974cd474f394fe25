import type { Clock, Store, Timeline } from '@app/core';
import { TypeOrmStore } from '../typeorm.store';
import type { Pool } from './pool';
import { PooledAccess } from './pooled.access';
import { PooledTimeline } from './pooled.timeline';
import { Sessions } from './sessions';
import type { TimelineSql } from './timeline-sql';

/** The ports on a database server. */
export function pooledPorts(pool: Pool, sql: TimelineSql, clock: Clock): { store: Store; timeline: Timeline } {
  const sessions = new Sessions(pool);
  return {
    store: new TypeOrmStore(new PooledAccess(pool.dialect, sessions), clock),
    timeline: new PooledTimeline({ sessions, sql, clock }),
  };
}
