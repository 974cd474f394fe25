import type { EntityClass, Env } from '@app/core';
import type { ModuleMetadata } from '@nestjs/common';

/** Where the data are, and who may change their schema. */
export type DatabaseEnv = Pick<
  Env,
  | 'DB_TYPE'
  | 'DB_NAME'
  | 'DB_HOST'
  | 'DB_PORT'
  | 'DB_USER'
  | 'DB_PASS'
  | 'DB_TLS'
  | 'DB_TLS_CA'
  | 'DB_POOL_SIZE'
  | 'DB_MIGRATE'
>;

export interface ModuleOptions {
  /**
   * Who else uses the same database, for engines without a server of their own: nobody (absent), other services of
   * this installation (`shared`), or whoever likes, because this is a command that may run beside a server (`beside`).
   */
  access?: 'shared' | 'beside';
}

/** What has to be written for a storage engine, beside its line in `engines.ts`. */
export interface Engine {
  /** The place of the data, for people: without credentials. */
  place(env: DatabaseEnv): string;
  /**
   * Imports and providers that give `Store` and `Timeline`, on a schema that is up to date.
   * @throws StartupError here or while they start, naming the variable to mend.
   */
  module(
    env: DatabaseEnv,
    entities: readonly EntityClass[],
    options?: ModuleOptions,
  ): Required<Pick<ModuleMetadata, 'imports' | 'providers'>>;
  /** @throws StartupError as {@link module}, but for a schema that is behind. */
  migrations(env: DatabaseEnv): Promise<Migrations>;
  /**
   * Copies all data into a new file while a server runs on them; absent where the engine brings a tool for that.
   * @throws StartupError
   */
  backUp?(env: DatabaseEnv, file: string): void;
}

export interface MigrationStatus {
  name: string;
  applied: boolean;
}

/** The schema of a database, to look at and to change. One at a time works; whoever comes second waits. */
export interface Migrations {
  /** In the order in which they run. */
  status(): Promise<MigrationStatus[]>;
  /** Runs what is pending. @returns the names of what ran. */
  up(): Promise<string[]>;
  /** Takes the newest one back, with all data that it made room for. @returns its name, or null when there is none. */
  down(): Promise<string | null>;
  close(): Promise<void>;
}
