import { Store, Timeline } from '@app/core';
import type { EntityClass } from '@app/core';
import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import type { DatabaseEnv, ModuleOptions } from './engine';
import { loadEngine } from './engines';

/** `Store` and `Timeline` on the engine that `DB_TYPE` names. Needs a `Clock` from a global module. */
@Module({})
export class PersistenceModule {
  /** @throws StartupError when the database cannot be used; or later, while the module starts. */
  static async forRoot(
    env: DatabaseEnv,
    entities: readonly EntityClass[],
    options?: ModuleOptions,
  ): Promise<DynamicModule> {
    const engine = await loadEngine(env.DB_TYPE);
    const parts = engine.module(env, entities, options);
    return { module: PersistenceModule, global: true, ...parts, exports: [Store, Timeline] };
  }
}
