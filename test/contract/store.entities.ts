import { Entity, Flag, Index, Instant, Int, Ref, Stored, Text, newId } from '@app/core';
import type { New } from '@app/core';
import { NOON } from '../support/clock';

/** One field of every kind, with and without null. */
@Stored('samples')
@Index(['rank', 'name'])
export class Sample extends Entity {
  @Text({ max: 100, unique: true, search: true }) name!: string;
  @Text({ nullable: true, search: true }) note!: string | null;
  @Int() rank!: number;
  @Int({ nullable: true }) size!: number | null;
  @Flag() active!: boolean;
  @Instant() seenAt!: Date;
  @Instant({ nullable: true }) goneAt!: Date | null;
}

@Stored('sample_owners')
export class Owner extends Entity {
  @Text({ max: 100 }) name!: string;
}

/** Goes with its owner, but outlives its keeper. An owner's parts have different labels. */
@Stored('sample_parts')
@Index(['ownerId', 'label'], { unique: true })
export class Part extends Entity {
  @Ref(() => Owner, { onDelete: 'cascade' }) ownerId!: string;
  @Ref(() => Owner, { onDelete: 'clear', nullable: true }) keeperId!: string | null;
  @Text({ max: 100 }) label!: string;
}

export const STORE_ENTITIES = [Owner, Part, Sample];

/** A new sample with a name that nobody has. */
export function sample(values: Partial<New<Sample>> = {}): New<Sample> {
  return {
    name: newId(),
    note: null,
    rank: 1,
    size: null,
    active: true,
    seenAt: new Date(NOON),
    goneAt: null,
    ...values,
  };
}
