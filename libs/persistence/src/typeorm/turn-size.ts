/** What a turn of deleting should take, ms: whoever writes meanwhile waits for less than the 50 ms that it may. */
const TARGET_MS = 15;
const LEAST = 50;
const MOST = 5000;

/** How many rows one turn deletes: as many as the machine does in the time that it may take. */
export class TurnSize {
  private size = 500;

  get rows(): number {
    return this.size;
  }

  /** Learns from a turn. `rows` is what it deleted: one that found little says nothing of the machine. */
  took(ms: number, rows: number): void {
    if (ms <= TARGET_MS && rows < this.size) return;
    const factor = Math.min(1.5, Math.max(0.25, TARGET_MS / ms));
    this.size = Math.min(MOST, Math.max(LEAST, Math.round(this.size * factor)));
  }
}
