import { StartupError } from '@app/core';
import Database from 'better-sqlite3';

/**
 * Keeps a second server off the same file. The lock is SQLite's own on a small file beside the database: the
 * operating system drops it with the process, so a crash leaves nothing to clean up.
 */
export class InstanceLock {
  private constructor(private readonly db: Database.Database) {}

  /**
   * `shared`: beside others that hold it so, which are the services of one installation on one host.
   * Waits for no longer than `waitMs`, and stops the whole process meanwhile.
   * @throws StartupError when another process has it.
   */
  static acquire(databaseFile: string, { waitMs = 0, shared = false } = {}): InstanceLock {
    const db = new Database(`${databaseFile}.lock`, { timeout: waitMs });
    try {
      db.pragma('journal_mode = DELETE');
      if (shared) db.exec('BEGIN; SELECT 1 FROM sqlite_master');
      else db.exec('BEGIN EXCLUSIVE');
      return new InstanceLock(db);
    } catch (error) {
      db.close();
      if ((error as { code?: string }).code?.startsWith('SQLITE_BUSY')) {
        throw new StartupError(
          `The database ${databaseFile} is in use by another running server: stop that one, or set DB_NAME to another file`,
          { cause: error },
        );
      }
      throw error;
    }
  }

  release(): void {
    this.db.close();
  }
}
