import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { EntityClass } from '@app/core';
import { openSqlite } from '@app/persistence/typeorm';
import type { OpenDatabase } from '@app/persistence/typeorm';
import { FakeClock } from '../support/clock';

/** A folder that goes when the test does. */
export function temporaryFolder(): { path: string; remove: () => void } {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'uptime-'));
  return { path: folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

export interface TestDatabase extends OpenDatabase {
  file: string;
  clock: FakeClock;
}

/** A migrated database in a file of its own; `close` removes it. */
export async function openTemporary(entities: readonly EntityClass[]): Promise<TestDatabase> {
  const folder = temporaryFolder();
  const file = path.join(folder.path, 'test.db');
  const clock = new FakeClock();
  const database = await openSqlite({ file, entities, clock, migrate: 'auto' });
  return {
    ...database,
    file,
    clock,
    async close() {
      await database.close();
      folder.remove();
    },
  };
}
