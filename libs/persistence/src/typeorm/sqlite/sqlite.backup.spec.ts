import { readdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { StartupError } from '@app/core';
import Database from 'better-sqlite3';
import { temporaryFolder } from '../../../../../test/contract/sqlite';
import { backUp } from './sqlite.backup';

describe('backUp', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  let file: string;
  let copy: string;
  beforeEach(() => {
    folder = temporaryFolder();
    file = path.join(folder.path, 'data.db');
    copy = path.join(folder.path, 'copy.db');
    const db = new Database(file);
    db.pragma('journal_mode = WAL');
    db.exec("CREATE TABLE notes (text TEXT); INSERT INTO notes VALUES ('kept')");
    db.close();
  });
  afterEach(() => folder.remove());

  const notes = (place: string) => {
    const db = new Database(place, { readonly: true });
    const rows = db.prepare('SELECT text FROM notes').pluck().all();
    db.close();
    return rows;
  };

  it('copies what is committed, and nobody waits for it', () => {
    const server = new Database(file);
    server.exec("BEGIN IMMEDIATE; INSERT INTO notes VALUES ('not yet')");

    backUp(file, copy);

    server.exec('COMMIT');
    server.close();
    expect(notes(copy)).toEqual(['kept']);
  });

  it('leaves nothing beside the copy, which only its owner may read', () => {
    backUp(file, copy);

    expect(readdirSync(folder.path).filter((name) => name.startsWith('copy'))).toEqual(['copy.db']);
    expect(statSync(copy).mode & 0o777).toBe(0o600);
  });

  it('replaces nothing', () => {
    writeFileSync(copy, 'precious');

    expect(() => backUp(file, copy)).toThrow(
      new StartupError(`${copy} exists: a backup replaces nothing; name another file`),
    );
    expect(statSync(copy).size).toBe('precious'.length);
  });

  it('makes no file of data that are not there', () => {
    const missing = path.join(folder.path, 'nothing.db');

    expect(() => backUp(missing, copy)).toThrow(StartupError);
    expect(readdirSync(folder.path)).toEqual(['data.db']);
  });

  it('says where it cannot write, and leaves nothing', () => {
    const nowhere = path.join(folder.path, 'no', 'folder', 'copy.db');

    expect(() => backUp(file, nowhere)).toThrow(nowhere);
    expect(readdirSync(folder.path).filter((name) => !name.startsWith('data.db'))).toEqual([]);
  });

  it('is no backup when the data are damaged', () => {
    const db = new Database(file);
    db.exec("CREATE TABLE more (text TEXT); INSERT INTO more VALUES (printf('%.*c', 100000, 'x'))");
    db.close();
    const bytes = Buffer.alloc(4096, 0xff);
    writeFileSync(file, bytes, { flag: 'r+' }); // not the header only: the root of the schema with it

    expect(() => backUp(file, copy)).toThrow(StartupError);
    expect(readdirSync(folder.path).filter((name) => name.startsWith('copy'))).toEqual([]);
  });
});
