import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { StartupError } from '@app/core';
import { temporaryFolder } from '../../../../../test/contract/sqlite';
import { ensureWritable } from './sqlite.options';

describe('ensureWritable', () => {
  let folder: ReturnType<typeof temporaryFolder>;

  beforeEach(() => {
    folder = temporaryFolder();
  });

  afterEach(() => folder.remove());

  it('makes the folders of a new database, not the file', () => {
    const file = path.join(folder.path, 'a', 'b', 'uptime.db');

    ensureWritable(file);

    expect(existsSync(path.dirname(file))).toBe(true);
    expect(existsSync(file)).toBe(false);
  });

  it('accepts a file that is there', () => {
    const file = path.join(folder.path, 'uptime.db');
    writeFileSync(file, '');

    expect(() => ensureWritable(file)).not.toThrow();
  });

  it.each([
    [
      'a folder',
      () => {
        const file = path.join(folder.path, 'taken');
        mkdirSync(file);
        return file;
      },
    ],
    [
      'below a file',
      () => {
        writeFileSync(path.join(folder.path, 'file'), '');
        return path.join(folder.path, 'file', 'uptime.db');
      },
    ],
  ])('refuses a path that is %s, and says what to do', (_, make) => {
    const file = make();

    const attempt = () => ensureWritable(file);

    expect(attempt).toThrow(StartupError);
    expect(attempt).toThrow(file);
    expect(attempt).toThrow('DB_NAME');
  });
});
