import type { Budget } from './budget';
import { endOfString } from './scanner';
import { elementsOf, isContainer, membersOf } from './values';
import type { Raw } from './values';

/** Arrays that fit are written on one line. */
const LINE_WIDTH = 80;

/** Without the white space between tokens. */
export function compact(raw: Raw): Raw {
  const pieces: string[] = [];
  let from = 0;
  for (let i = 0; i < raw.length; i++) {
    const sign = raw[i]!;
    if (sign === '"') i = endOfString(raw, i) - 1;
    else if (sign <= ' ') {
      pieces.push(raw.slice(from, i));
      from = i + 1;
    }
  }
  pieces.push(raw.slice(from));
  return pieces.join('');
}

/** One member per line, indented by two blanks. */
export function prettyPrint(raw: Raw, budget: Budget, indent = ''): Raw {
  budget.spend(raw.length + indent.length);
  if (!isContainer(raw)) return raw;
  const inner = `${indent}  `;
  if (raw[0] === '{') {
    const lines = Array.from(
      membersOf(raw, budget),
      ({ key, value }) => `${inner}${key}: ${prettyPrint(value, budget, inner)}`,
    );
    return lines.length > 0 ? `{\n${lines.join(',\n')}\n${indent}}` : '{}';
  }
  const items = [...elementsOf(raw, budget)];
  const line = `[${items.join(', ')}]`;
  if (!items.some(isContainer) && indent.length + line.length <= LINE_WIDTH) return line;
  return `[\n${items.map((item) => inner + prettyPrint(item, budget, inner)).join(',\n')}\n${indent}]`;
}
