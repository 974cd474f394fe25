/** @param {number[]} values */
export function median(values) {
  return percentile(values, 50);
}

/** @param {number[]} values @param {number} percent */
export function percentile(values, percent) {
  const sorted = [...values].sort((a, b) => a - b);
  const position = ((sorted.length - 1) * percent) / 100;
  const low = sorted[Math.floor(position)];
  return low + (sorted[Math.ceil(position)] - low) * (position % 1);
}

/** Three digits that matter. */
export function round(value) {
  return typeof value === 'number' ? Number(value.toPrecision(3)) : value;
}

/**
 * A line of the table from the figures of every round; the ratio is the median of the rounds' own ratios, so that a
 * neighbour who was noisy in one round weighs no more than that round.
 * @param {{ name: string, unit: string, values: number[], baselines: number[], floor?: number | string }} figures
 */
export function compared({ name, unit, values, baselines, floor }) {
  const ratio = median(values.map((value, index) => value / baselines[index]));
  return { case: name, value: median(values), unit, baseline: median(baselines), ratio, floor };
}
