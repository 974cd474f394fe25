import { JsonQueryError, satisfiesJsonQuery, textOf } from './json-query';
import type { JsonQuery } from './json-query';

const BODY = '{"state":"ready","n":12,"f":0.50,"none":null,"empty":"","list":[1, 2]}';

const query = (json_query: string, json_condition: string, expected_value: string) =>
  ({ json_query, json_condition, expected_value }) as JsonQuery;

describe('satisfiesJsonQuery', () => {
  it.each<[string, string, string, boolean]>([
    ['state', '==', 'ready', true],
    ['state', '', 'ready', true],
    ['state', '', 'down', false],
    ['state', '!=', 'down', true],
    ['state', '', '', true],
    ['state', '==', '', false],
    ['none', '==', '', true],
    ['none', '==', 'null', false],
    ['empty', '==', '', true],
    ['f', '==', '0.5', true],
    ['f', '==', '0.50', false],
    ['list', '==', '[1, 2]', true],
    ['list', '==', '[1,2]', false],
    ['n', '>', '9', true],
    ['n', '<', '9', false],
    ['n', '>=', '12', true],
    ['n', '<=', '11.9', false],
    ['n', '>', '1e1', true],
    ['state', '>', 'abc', true],
    ['n', '>', 'abc', false],
  ])('%s %s %j: %s', (path, condition, expected, result) => {
    expect(satisfiesJsonQuery(BODY, query(path, condition, expected))).toBe(result);
  });

  it.each<[string, string, string, boolean]>([
    [BODY, '', '', true],
    [BODY, '==', '', false],
    ['', '==', '', true],
    ['{"a":1,"b":[1,2]}', '==', '{ "b": [1, 2.0], "a": 1 }', true],
    ['{"b":[2,1]}', '==', '{"b":[1,2]}', false],
    ['{"b":[2,1]}', '!=', '{"b":[1,2]}', true],
    ['42', '', '42.0', true],
    ['plain', '==', 'plain', true],
    ['plain', '==', 'Plain', false],
    ['plain', '!=', 'Plain', true],
  ])('compares the whole of %j %s %j: %s', (body, condition, expected, result) => {
    expect(satisfiesJsonQuery(body, query('', condition, expected))).toBe(result);
  });

  it.each([
    [BODY, 'nope', '==', 'x', 'JSON query path not found: nope'],
    ['not JSON', 'a', '==', 'x', 'JSON query path not found: a'],
    ['1', '', '>', '0', "unsupported condition '>' for full JSON comparison: only '==' and '!=' are supported"],
    ['a', '', '<=', 'b', "unsupported condition '<=' for non-JSON comparison: only '==' and '!=' are supported"],
  ])('cannot answer for %j: %s %s %s', (body, path, condition, expected, message) => {
    expect(() => satisfiesJsonQuery(body, query(path, condition, expected))).toThrow(new JsonQueryError(message));
  });
});

describe('textOf', () => {
  it.each([
    ['"a\\nb"', 'a\nb'],
    ['true', 'true'],
    ['null', ''],
    ['12345678901234567890', '12345678901234567890'],
    ['-0', '-0'],
    ['0.50', '0.5'],
    ['1e3', '1000'],
    ['1.0', '1'],
    ['1e21', '1000000000000000000000'],
    ['1.5e22', '15000000000000000000000'],
    ['1e-7', '0.0000001'],
    ['-1.25e-9', '-0.00000000125'],
    ['{"a" : 1}', '{"a" : 1}'],
  ])('%j is %j', (raw, text) => expect(textOf(raw)).toBe(text));
});
