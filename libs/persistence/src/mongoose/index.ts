export * from './mongo-migrations';
export * from './migrations';
export * from './migrations/migration-lock';
export type { Migration } from './migrations/migration';
export * from './mongo.engine';
export * from './open-mongo';
export * from './schemas';
