import { Clock } from '@app/core';

/** 2026-11-24, a Tuesday, at noon UTC: the start of an hour, but not of a day. */
export const NOON = Date.UTC(2026, 10, 24, 12);

/** A clock that stands still until it is moved. */
export class FakeClock extends Clock {
  constructor(private ms = NOON) {
    super();
  }

  override now(): number {
    return this.ms;
  }

  advance(ms: number): void {
    this.ms += ms;
  }

  set(ms: number): void {
    this.ms = ms;
  }
}
