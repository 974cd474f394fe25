import type { mongo } from 'mongoose';

/** A step from one schema to the next. Both ways can be cut off at any point and run again. */
export interface Migration {
  /** As its counterpart for the SQL engines is called. */
  name: string;
  up(db: mongo.Db): Promise<void>;
  down(db: mongo.Db): Promise<void>;
}
