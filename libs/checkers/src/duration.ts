/** A short duration in the unit that suits it: `523.4µs`, `12.3ms`, `1.002s`. */
export function formatDuration(milliseconds: number): string {
  const nanoseconds = Math.round(milliseconds * 1e6);
  if (nanoseconds < 1e3) return `${nanoseconds}ns`;
  if (nanoseconds < 1e6) return `${nanoseconds / 1e3}µs`;
  if (nanoseconds < 1e9) return `${nanoseconds / 1e6}ms`;
  return `${nanoseconds / 1e9}s`;
}
