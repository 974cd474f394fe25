/**
 * Whether the owner of something has shown no sign of life for so long as we have been looking: its process is dead or
 * as good as. Only this process' own clock counts.
 */
export class Silence {
  private seen = { owner: '', beat: NaN, since: 0 };

  constructor(private readonly leaseMs: number) {}

  /** `beat` grows while `owner` lives. */
  tooLong(owner: string, beat: number): boolean {
    const now = performance.now();
    if (this.seen.owner === owner && this.seen.beat === beat) return now - this.seen.since > this.leaseMs;
    this.seen = { owner, beat, since: now };
    return false;
  }
}
