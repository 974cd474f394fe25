import { round } from './numbers.mjs';

/**
 * Whether a row reaches its floor. A number is the most that the ratio, or the value where there is no ratio, may be;
 * a text such as `>= 60` the least that the value may be. A row may bring its own verdict as `ok`.
 * @returns {boolean | null} null without a floor
 */
export function verdict({ value, ratio, floor, ok }) {
  if (ok !== undefined) return ok;
  if (floor === undefined || floor === null) return null;
  if (typeof floor === 'number') return (ratio ?? value) <= floor;
  return value >= Number.parseFloat(floor.replace(/^\D+/, ''));
}

/** @param {{ name: string, rows: object[] }[]} results */
export function table(results) {
  const lines = [['case', 'ours', 'unit', 'baseline', 'ratio', 'floor', '']];
  for (const { name, rows } of results) {
    for (const row of rows) {
      const reached = verdict(row);
      lines.push([
        `${name}: ${row.case}`,
        text(row.value),
        row.unit ?? '',
        text(row.baseline),
        text(row.ratio),
        text(row.floor),
        reached === null ? '' : reached ? 'ok' : 'MISS',
      ]);
    }
  }
  const widths = lines[0].map((_, column) => Math.max(...lines.map((line) => line[column].length)));
  const isText = (column) => column === 0 || column === 2 || column === 6;
  return lines
    .map((line) =>
      line
        .map((cell, i) => (isText(i) ? cell.padEnd(widths[i]) : cell.padStart(widths[i])))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function text(value) {
  if (value === null || value === undefined) return '';
  return typeof value === 'number' ? String(round(value)) : value;
}
