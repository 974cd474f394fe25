import { Clock, Store, Timeline, modelOf } from '@app/core';
import { MongooseModule, getConnectionToken } from '@nestjs/mongoose';
import type { Connection } from 'mongoose';
import type { Engine } from '../engine';
import { databaseOf, explained, openConnection, requireAccess } from './connection';
import { connectionOptions, placeOf } from './mongo.options';
import { migrationsOf, mongoPorts } from './open-mongo';
import type { MongoPorts } from './open-mongo';
import { Recovery } from './recovery';
import { toSchema } from './schemas';

const PORTS = Symbol('ports');

export const mongoEngine: Engine = {
  place: placeOf,

  module(env, entities) {
    return {
      imports: [
        MongooseModule.forRootAsync({
          useFactory: () => ({
            ...connectionOptions(env),
            retryAttempts: 0,
            connectionErrorFactory: (error) => explained(error, env),
            connectionFactory: async (connection: Connection) => {
              try {
                await requireAccess(connection, env);
                await migrationsOf(connection).ensure(env.DB_MIGRATE);
              } catch (error) {
                await connection.close();
                throw error;
              }
              return connection;
            },
          }),
        }),
        MongooseModule.forFeature(entities.map((entity) => ({ name: modelOf(entity).name, schema: toSchema(entity) }))),
      ],
      providers: [
        {
          provide: PORTS,
          inject: [getConnectionToken(), Clock],
          useFactory: (connection: Connection, clock: Clock) => mongoPorts(databaseOf(connection), entities, clock),
        },
        { provide: Store, inject: [PORTS], useFactory: ({ store }: MongoPorts) => store },
        { provide: Timeline, inject: [PORTS], useFactory: ({ timeline }: MongoPorts) => timeline },
        { provide: Recovery, inject: [PORTS], useFactory: (ports: MongoPorts) => new Recovery(ports) },
      ],
    };
  },

  async migrations(env) {
    return migrationsOf(await openConnection(env));
  },
};
