import { existsSync, fsyncSync, linkSync, openSync, closeSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { StartupError, messageOf } from '@app/core';
import Database from 'better-sqlite3';

/**
 * Copies a data file as it is at one moment into a new file, while a server goes on writing to it. The copy is compact
 * and verified; it has its name only when it is whole.
 * @throws StartupError when there is nothing to copy, when the copy would replace something, or cannot be written.
 */
export function backUp(file: string, copy: string): void {
  if (!existsSync(file)) throw new StartupError(`There is no data file ${file} to back up: set DB_NAME`);
  refuseExisting(copy);
  // Beside its place, so that it gets there in one step.
  const unfinished = `${copy}.unfinished-${process.pid}`;
  const mask = process.umask(0o077); // it holds password hashes and keys
  try {
    vacuumInto(file, unfinished);
    verify(unfinished);
    flush(unfinished);
    publish(unfinished, copy);
    flush(path.dirname(copy));
  } catch (error) {
    if (error instanceof StartupError) throw error;
    throw new StartupError(`The backup ${copy} could not be written: ${messageOf(error)}`, { cause: error });
  } finally {
    process.umask(mask);
    for (const suffix of ['', '-journal', '-wal', '-shm']) rmSync(unfinished + suffix, { force: true });
  }
}

/** A read transaction of its own: in WAL mode no writer waits for it. */
function vacuumInto(file: string, copy: string): void {
  const db = new Database(file, { readonly: true, timeout: 30_000 });
  try {
    db.prepare('VACUUM INTO ?').run(copy);
  } finally {
    db.close();
  }
}

function verify(copy: string): void {
  const db = new Database(copy, { readonly: true });
  try {
    const problems = db.pragma('integrity_check') as { integrity_check: string }[];
    if (problems.some(({ integrity_check }) => integrity_check !== 'ok')) {
      throw new StartupError(
        `The backup is damaged, most likely because the data file is (${problems[0]!.integrity_check}): no backup was made`,
      );
    }
  } finally {
    db.close();
  }
}

function flush(place: string): void {
  const descriptor = openSync(place, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Unlike a rename, a link never replaces what somebody else has put there meanwhile. */
function publish(unfinished: string, copy: string): void {
  try {
    linkSync(unfinished, copy);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') refuseExisting(copy);
    if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'ENOSYS') throw error;
    refuseExisting(copy); // a file system without links
    renameSync(unfinished, copy);
  }
}

function refuseExisting(copy: string): void {
  if (existsSync(copy)) throw new StartupError(`${copy} exists: a backup replaces nothing; name another file`);
}
