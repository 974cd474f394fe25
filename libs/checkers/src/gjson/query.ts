import type { Budget } from './budget';
import { matchesGlob } from './glob';
import { indexOutside } from './path';
import { isJson } from './scanner';
import { isContainer, kindOf, stringContent } from './values';
import type { Raw } from './values';

/** What stands in `#(...)`: a path into the element, and what to compare the value there with. */
export interface Query {
  path: string;
  operator: string;
  operand: string;
}

const OPERATOR = /==|!=|<=|>=|!%|[=<>%]/y;

/** `name=="mq"`, `ms>3`, `=="b"`, `name` */
export function parseQuery(text: string): Query {
  const at = indexOutside(text, (index) => operatorAt(text, index) !== '');
  if (at < 0) return { path: text.trim(), operator: '', operand: '' };
  const operator = operatorAt(text, at);
  const operand = text.slice(at + operator.length).trim();
  return { path: text.slice(0, at).trim(), operator, operand: unquoted(operand) };
}

type Getter = (raw: Raw, path: string) => Raw | undefined;

/** Whether an element of an array is what the query asks for. */
export function satisfies(element: Raw, query: Query, get: Getter, budget: Budget): boolean {
  const value = valueOf(element, query, get);
  if (query.operand.startsWith('~')) return comparesAsTruth(value, query);
  if (value === undefined) return false;
  return query.operator === '' || compares(value, query, budget);
}

function valueOf(element: Raw, { path }: Query, get: Getter): Raw | undefined {
  if (path === '') return element;
  return isContainer(element) ? get(element, path) : undefined;
}

/** `~true` and its like compare what a value amounts to: `active==~true` */
function comparesAsTruth(value: Raw | undefined, { operator, operand }: Query): boolean {
  const amounts = TRUTHS[operand]?.(value);
  if (amounts === undefined) return false;
  return operator === '!=' ? !amounts : (operator === '=' || operator === '==') && amounts;
}

const TRUTHS: Record<string, (value: Raw | undefined) => boolean> = {
  '~*': (value) => value !== undefined,
  '~null': (value) => value === undefined || value === 'null',
  '~true': (value) => truthOf(value) === true,
  '~false': (value) => truthOf(value) === false,
};

/** What a value amounts to: the words for true and false, numbers, and nothing at all, which is false. */
function truthOf(value: Raw | undefined): boolean | undefined {
  if (value === undefined) return false;
  switch (kindOf(value)) {
    case 'true':
      return true;
    case 'false':
    case 'null':
      return false;
    case 'number':
      return Number(value) !== 0;
    case 'string':
      if (/^"(true|t|1)"$/i.test(value)) return true;
      return /^"(false|f|0)"$/i.test(value) ? false : undefined;
    case 'object':
    case 'array':
      return undefined;
  }
}

function compares(value: Raw, { operator, operand }: Query, budget: Budget): boolean {
  switch (kindOf(value)) {
    case 'string': {
      const text = stringContent(value);
      if (operator === '%') return matchesGlob(text, operand, budget);
      if (operator === '!%') return !matchesGlob(text, operand, budget);
      return ordered(Buffer.compare(Buffer.from(text), Buffer.from(operand)), operator);
    }
    case 'number':
      return ordered(Number(value) - Number(operand || Number.NaN), operator);
    case 'true':
    case 'false': {
      if (operand !== 'true' && operand !== 'false') return operator === '!=';
      return ordered(Number(value === 'true') - Number(operand === 'true'), operator);
    }
    case 'null':
    case 'object':
    case 'array':
      return false;
  }
}

/** The operator holds for a difference of this sign; NaN is unequal to everything. */
function ordered(difference: number, operator: string): boolean {
  switch (operator) {
    case '=':
    case '==':
      return difference === 0;
    case '!=':
      return difference !== 0;
    case '<':
      return difference < 0;
    case '<=':
      return difference <= 0;
    case '>':
      return difference > 0;
    case '>=':
      return difference >= 0;
    default:
      return false;
  }
}

function operatorAt(text: string, at: number): string {
  OPERATOR.lastIndex = at;
  return OPERATOR.exec(text)?.[0] ?? '';
}

function unquoted(operand: string): string {
  return operand.startsWith('"') && isJson(operand) ? stringContent(operand) : operand;
}
