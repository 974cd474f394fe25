import { randomUUID } from 'node:crypto';

/** A new id of a batch of so many. BullMQ takes neither a bare number nor a colon in an id. */
export function batchId(count: number): string {
  return `${randomUUID()}_${count}`;
}

/** How many are in the batch of that id, so that a depth needs no look into the batches. */
export function countIn(id: string): number {
  return Number(id.slice(id.lastIndexOf('_') + 1));
}
