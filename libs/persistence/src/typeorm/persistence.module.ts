import { Clock, Store, Timeline } from '@app/core';
import type { EntityClass } from '@app/core';
import { Inject, Injectable, Module } from '@nestjs/common';
import type { DynamicModule, OnApplicationShutdown } from '@nestjs/common';
import { TypeOrmModule, getDataSourceToken } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { InstanceLock } from './sqlite/instance-lock';
import { openWriter, sqlitePorts } from './sqlite/open-sqlite';
import { READER, ensureWritable, readerOptions, writerOptions } from './sqlite/sqlite.options';

export interface PersistenceOptions {
  /** Path of the SQLite file. */
  file: string;
  entities: readonly EntityClass[];
  migrate: 'auto' | 'check';
}

const PORTS = Symbol('ports');

@Injectable()
class ReleasesLock implements OnApplicationShutdown {
  constructor(@Inject(InstanceLock) private readonly lock: InstanceLock) {}

  onApplicationShutdown(): void {
    this.lock.release();
  }
}

/** `Store` and `Timeline` on SQLite. Needs a `Clock` from a global module. */
@Module({})
export class PersistenceModule {
  static forRoot({ file, entities, migrate }: PersistenceOptions): DynamicModule {
    ensureWritable(file);
    const lock = InstanceLock.acquire(file);
    return {
      module: PersistenceModule,
      global: true,
      imports: [
        TypeOrmModule.forRootAsync({
          useFactory: () => ({ ...writerOptions(file, entities), retryAttempts: 0 }),
          dataSourceFactory: (options) => openWriter(options!, migrate),
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
        {
          provide: PORTS,
          inject: [DataSource, getDataSourceToken(READER), Clock],
          useFactory: sqlitePorts,
        },
        { provide: Store, inject: [PORTS], useFactory: ({ store }: ReturnType<typeof sqlitePorts>) => store },
        { provide: Timeline, inject: [PORTS], useFactory: ({ timeline }: ReturnType<typeof sqlitePorts>) => timeline },
      ],
      exports: [Store, Timeline],
    };
  }
}
