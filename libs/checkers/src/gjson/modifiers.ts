import type { Budget } from './budget';
import { compact, prettyPrint } from './print';
import { isJson } from './scanner';
import { arrayOf, childrenOf, elementsOf, isContainer, kindOf, membersOf, objectOf, stringContent } from './values';
import type { Member, Raw } from './values';

export interface ModifierContext {
  /** What follows `:` in the path; "" when nothing does. */
  argument: string;
  get: (raw: Raw, path: string) => Raw | undefined;
  budget: Budget;
}

type Modifier = (raw: Raw, context: ModifierContext) => Raw | undefined;

/** `@name` or `@name:argument` in a path. A value that a modifier is not made for passes unchanged. */
export const modifiers: Readonly<Record<string, Modifier>> = {
  this: (raw) => raw,
  valid: (raw) => raw,
  reverse(raw, { budget }) {
    if (kindOf(raw) === 'array') return arrayOf([...elementsOf(raw, budget)].reverse(), budget);
    if (kindOf(raw) === 'object') return objectOf([...membersOf(raw, budget)].reverse(), budget);
    return raw;
  },
  keys(raw, { budget }) {
    if (kindOf(raw) === 'object')
      return arrayOf(
        Array.from(membersOf(raw, budget), ({ key }) => key),
        budget,
      );
    return arrayOf(
      Array.from(childrenOf(raw, budget), () => 'null'),
      budget,
    );
  },
  values(raw, { budget }) {
    return isContainer(raw) ? arrayOf([...childrenOf(raw, budget)], budget) : arrayOf([raw], budget);
  },
  flatten(raw, { argument, budget }) {
    return kindOf(raw) === 'array' ? arrayOf(flattened(raw, option(argument, 'deep'), budget), budget) : raw;
  },
  join(raw, { argument, budget }) {
    if (kindOf(raw) !== 'array') return raw;
    const members = [...elementsOf(raw, budget)]
      .filter((element) => kindOf(element) === 'object')
      .flatMap((element) => [...membersOf(element, budget)]);
    return objectOf(option(argument, 'preserve') ? members : lastOfEach(members), budget);
  },
  ugly(raw, { budget }) {
    budget.spend(raw.length);
    return compact(raw);
  },
  pretty: (raw, { budget }) => prettyPrint(raw, budget),
  tostr(raw, { budget }) {
    budget.spend(2 * raw.length);
    return JSON.stringify(raw);
  },
  fromstr(raw, { budget }) {
    budget.spend(raw.length);
    const content = kindOf(raw) === 'string' ? stringContent(raw) : '';
    return isJson(content) ? content.trim() : undefined;
  },
  /** `{"a":[1,2],"b":[3,4]}` becomes `[{"a":1,"b":3},{"a":2,"b":4}]` */
  group(raw, { budget }) {
    if (kindOf(raw) !== 'object') return undefined;
    const rows: Member[][] = [];
    for (const { key, value } of membersOf(raw, budget)) {
      if (kindOf(value) !== 'array') continue;
      let index = 0;
      for (const element of elementsOf(value, budget)) (rows[index++] ??= []).push({ key, value: element });
    }
    return arrayOf(
      rows.map((members) => objectOf(members, budget)),
      budget,
    );
  },
  /** Every value at that path, however deep it starts. */
  dig(raw, { argument, get, budget }) {
    const found: Raw[] = [];
    const visit = (value: Raw) => {
      const here = get(value, argument);
      if (here !== undefined) found.push(here);
      for (const child of childrenOf(value, budget)) if (isContainer(child)) visit(child);
    };
    visit(raw);
    return arrayOf(found, budget);
  },
};

function flattened(raw: Raw, deep: boolean, budget: Budget): Raw[] {
  return Array.from(elementsOf(raw, budget)).flatMap((element) => {
    if (kindOf(element) !== 'array') return [element];
    return deep ? flattened(element, deep, budget) : [...elementsOf(element, budget)];
  });
}

/** Repeated keys keep their first place and their last value. */
function lastOfEach(members: readonly Member[]): Member[] {
  const values = new Map<string, Member>();
  for (const member of members) values.set(stringContent(member.key), member);
  return [...values.values()];
}

/** `{"deep":true}` as an argument. */
function option(argument: string, name: string): boolean {
  if (!isJson(argument)) return false;
  const options: unknown = JSON.parse(argument);
  return (options as Record<string, unknown> | null)?.[name] === true;
}
