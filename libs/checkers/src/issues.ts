import type { z } from 'zod';

type Issue = z.core.$ZodIssue;

/** One sentence per field, in the order of the issues; a field is named as it is on the wire. */
export function describeIssues(issues: readonly Issue[], input: unknown): string[] {
  const sentences = new Map<string, string>();
  for (const issue of issues) {
    const field = fieldName(issue.path);
    if (!sentences.has(field)) sentences.set(field, `${field} ${describe(issue, valueAt(input, issue.path))}`);
  }
  return [...sentences.values()];
}

/** `nodes[0].url` */
function fieldName(path: readonly PropertyKey[]): string {
  return path.reduce<string>((name, key) => {
    if (typeof key === 'number') return `${name}[${key}]`;
    return name ? `${name}.${String(key)}` : String(key);
  }, '');
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key], input);
}

const KINDS: Record<string, string> = {
  string: 'a string',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
};

function describe(issue: Issue, value: unknown): string {
  if (value === undefined && issue.code !== 'custom') return 'is required';
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${KINDS[issue.expected] ?? issue.expected}`;
    case 'too_small':
      if (issue.origin === 'string')
        return issue.minimum === 1 ? 'is required' : `must be at least ${issue.minimum} characters`;
      return issue.origin === 'array'
        ? `must have at least ${count(issue.minimum)}`
        : `must be at least ${issue.minimum}`;
    case 'too_big':
      if (issue.origin === 'string') return `must be at most ${issue.maximum} characters`;
      return issue.origin === 'array'
        ? `must have at most ${count(issue.maximum)}`
        : `must be at most ${issue.maximum}`;
    case 'invalid_value':
      return `must be one of ${issue.values.filter((choice) => choice !== '').join(', ')}`;
    default:
      return issue.message;
  }
}

function count(items: number | bigint): string {
  return items === 1 ? '1 item' : `${items} items`;
}
