import path from 'node:path';
import { Clock, Store, Timeline } from '@app/core';
import { Inject, Injectable } from '@nestjs/common';
import type { OnApplicationShutdown } from '@nestjs/common';
import { TypeOrmModule, getDataSourceToken } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import type { Engine } from '../../engine';
import { InstanceLock } from './instance-lock';
import { openWriter, sqliteMigrations, sqlitePorts } from './open-sqlite';
import { backUp } from './sqlite.backup';
import { READER, ensureWritable, readerOptions, writerOptions } from './sqlite.options';

const PORTS = Symbol('ports');

@Injectable()
class ReleasesLock implements OnApplicationShutdown {
  constructor(@Inject(InstanceLock) private readonly lock: InstanceLock | null) {}

  onApplicationShutdown(): void {
    this.lock?.release();
  }
}

export const sqliteEngine: Engine = {
  place: ({ DB_NAME }) => path.resolve(DB_NAME),

  module({ DB_NAME: file, DB_MIGRATE }, entities, { access } = {}) {
    ensureWritable(file);
    const lock = access === 'beside' ? null : InstanceLock.acquire(file, { shared: access === 'shared' });
    return {
      imports: [
        TypeOrmModule.forRootAsync({
          useFactory: () => ({ ...writerOptions(file, entities), retryAttempts: 0 }),
          dataSourceFactory: (options) => openWriter(options!, DB_MIGRATE),
        }),
        TypeOrmModule.forRootAsync({
          name: READER,
          inject: [DataSource], // after the writer: it makes the file
          useFactory: () => ({ ...readerOptions(file), retryAttempts: 0 }),
        }),
      ],
      providers: [
        { provide: InstanceLock, useValue: lock },
        ReleasesLock,
        { provide: PORTS, inject: [DataSource, getDataSourceToken(READER), Clock], useFactory: sqlitePorts },
        { provide: Store, inject: [PORTS], useFactory: ({ store }: ReturnType<typeof sqlitePorts>) => store },
        { provide: Timeline, inject: [PORTS], useFactory: ({ timeline }: ReturnType<typeof sqlitePorts>) => timeline },
      ],
    };
  },

  async migrations({ DB_NAME: file }) {
    ensureWritable(file);
    return sqliteMigrations(file);
  },

  backUp: ({ DB_NAME }, file) => backUp(path.resolve(DB_NAME), path.resolve(file)),
};
