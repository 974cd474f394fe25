import { QueryTooExpensive } from './budget';
import { findByPath } from './gjson';

const SAMPLE = `{"svc":{"name":"shop","ver":"1.4.0"},"up":true,"load":0.50,"count":12,"tags":["a","b"],
 "deps":[{"n":"db","ms":4,"ok":true},{"n":"mq","ms":31,"ok":false}],"a.b":1,"none":null,
 "big":12345678901234567890,"x*y":"star","nested":[[1,[2,3]],[4]],"dup":1,"dup":2,
 "people":[{"first":"Dale","age":44,"nets":["ig","fb"]},{"first":"Roger","age":68,"nets":["fb","tw"]},{"first":"Jane","age":47,"nets":["ig"]}],
 "vals":[{"v":true},{"v":1},{"v":"true"},{"v":0},{"v":false},{"v":null},{"w":5}],
 "cols":{"id":[1,2],"name":["x","y"]},"text":"{\\"in\\": 5}","ü":"ö","esc":"a\\"b","ws": [ 1 , {"k" : 2} ] }`;

describe('findByPath', () => {
  it.each<[string, string | undefined]>([
    // members
    ['svc.name', '"shop"'],
    ['svc', '{"name":"shop","ver":"1.4.0"}'],
    ['load', '0.50'],
    ['big', '12345678901234567890'],
    ['none', 'null'],
    ['nope', undefined],
    ['svc.nope', undefined],
    ['svc.name.more', undefined],
    ['dup', '1'],
    ['ü', '"ö"'],
    ['ws', '[ 1 , {"k" : 2} ]'],
    ['ws.1', '{"k" : 2}'],
    ['$.svc.name', undefined],
    ['svc.', undefined],
    // escapes and wildcards
    ['a\\.b', '1'],
    ['a.b', undefined],
    ['sv*.ver', '"1.4.0"'],
    ['u?', 'true'],
    ['x\\*y', '"star"'],
    ['zz*', undefined],
    // arrays
    ['tags.1', '"b"'],
    ['tags.2', undefined],
    ['tags.-1', undefined],
    ['tags.name', undefined],
    ['tags.#', '2'],
    ['svc.#', undefined],
    ['deps.#.n', '["db","mq"]'],
    ['deps.#.nope', '[]'],
    ['nested.#.#', '[2,1]'],
    ['nested.0.1.1', '3'],
    ['people.#.nets.#', '[2,2,1]'],
    // queries
    ['deps.#(n=="mq").ms', '31'],
    ['deps.#(n="mq").ms', '31'],
    ['deps.#[n="mq"].ms', '31'],
    ['deps.#(n==mq).ms', '31'],
    ['deps.#(ms>3)#.n', '["db","mq"]'],
    ['deps.#(ms>300).n', undefined],
    ['deps.#(ms>300)#.n', '[]'],
    ['deps.#(ms>3)#', '[{"n":"db","ms":4,"ok":true},{"n":"mq","ms":31,"ok":false}]'],
    ['deps.#(ms<=4).n', '"db"'],
    ['deps.#(ms!=4).n', '"mq"'],
    ['deps.#(n<"e").n', '"db"'],
    ['deps.#(ok==true).n', '"db"'],
    ['deps.#(ok!=true).n', '"mq"'],
    ['deps.#(ms=="x").n', undefined],
    ['deps.#(nope).n', undefined],
    ['deps.#(n).n', '"db"'],
    ['tags.#(=="b")', '"b"'],
    ['tags.#(!="b")#', '["a"]'],
    ['tags.#(>"a")', '"b"'],
    ['people.#(first%"D*").age', '44'],
    ['people.#(first!%"D*").age', '68'],
    ['people.#(first%"?a*")#.first', '["Dale","Jane"]'],
    ['people.#(nets.#(=="tw")).first', '"Roger"'],
    ['people.#(nets.#(=="fb"))#.first', '["Dale","Roger"]'],
    ['people.#(age>45)#.first|#', '2'],
    ['deps.#(', undefined],
    ['deps.#(n=="mq"', undefined],
    // what a value amounts to
    ['vals.#(v==~true)#|#', '3'],
    ['vals.#(v==~false)#|#', '4'],
    ['vals.#(v==~null)#|#', '2'],
    ['vals.#(v==~*)#|#', '6'],
    ['vals.#(v!=~*)#|#', '1'],
    ['vals.#(v==~what)#|#', '0'],
    // pipes
    ['deps.#(ms>3)#|0.n', '"db"'],
    ['deps.#.n|1', '"mq"'],
    ['deps.#.n.1', '[]'],
    ['svc|name', '"shop"'],
    // modifiers
    ['@this.count', '12'],
    ['@this', SAMPLE],
    ['tags|@reverse', '["b","a"]'],
    ['tags.@reverse.0', '"b"'],
    ['svc|@reverse', '{"ver":"1.4.0","name":"shop"}'],
    ['svc|@keys', '["name","ver"]'],
    ['svc|@values', '["shop","1.4.0"]'],
    ['tags|@keys', '[null,null]'],
    ['nested|@flatten', '[1,[2,3],4]'],
    ['nested|@flatten:{"deep":true}', '[1,2,3,4]'],
    ['nested|@flatten:{"deep":true}|#', '4'],
    ['deps|@join', '{"n":"mq","ms":31,"ok":false}'],
    ['tags|@join', '{}'],
    ['deps|@join:{"preserve":true}|@keys|#', '6'],
    ['ws|@ugly', '[1,{"k":2}]'],
    ['svc|@pretty', '{\n  "name": "shop",\n  "ver": "1.4.0"\n}'],
    ['nested|@pretty', '[\n  [\n    1,\n    [2, 3]\n  ],\n  [4]\n]'],
    ['svc|@valid|name', '"shop"'],
    ['svc.name|@tostr', '"\\"shop\\""'],
    ['svc|@tostr|@fromstr|name', '"shop"'],
    ['text|@fromstr|in', '5'],
    ['svc.name|@fromstr', undefined],
    ['cols|@group', '[{"id":1,"name":"x"},{"id":2,"name":"y"}]'],
    ['tags|@group', undefined],
    ['@dig:ms', '[4,31]'],
    ['@dig:nope', '[]'],
    ['@dig:n|#', '2'],
    ['@nope', undefined],
    // new values
    ['{svc.name,up}', '{"name":"shop","up":true}'],
    ['[count,load]', '[12,0.50]'],
    ['{"id":count,all:tags.#,nope}', '{"id":12,"all":2}'],
    ['{deps.#(n=="mq")}', '{"_":{"n":"mq","ms":31,"ok":false}}'],
    ['{svc.name,up}.up', 'true'],
    ['deps.#.{n,ms}', '[{"n":"db","ms":4},{"n":"mq","ms":31}]'],
    ['{keys:svc|@keys}', '{"keys":["name","ver"]}'],
    ['{svc.name', undefined],
    ['!"x"', '"x"'],
    ['!12', '12'],
    ['!{"a":1}.a', '1'],
    ['{up,"kind":!"shop"}', '{"up":true,"kind":"shop"}'],
    ['!nope', undefined],
  ])('%j is %j', (path, expected) => {
    expect(findByPath(SAMPLE, path)).toBe(expected);
  });

  it('escapes are undone in keys of the document', () => {
    expect(findByPath('{"a\\u0062":1}', 'ab')).toBe('1');
  });

  it.each(['plain text', '{"a":1', '{"a":1}}', '', '[1,2'])('finds nothing in %j', (text) => {
    expect(findByPath(text, 'a')).toBeUndefined();
    expect(findByPath(text, '@this')).toBeUndefined();
  });

  it.each([
    ['..#', '3'],
    ['..1.name', '"b"'],
    ['..#.name', '["a","b","c"]'],
    ['..#(age>40).name', '"b"'],
    ['..', '[{"name":"a","age":1},{"name":"b","age":41},{"name":"c"}]'],
  ])('reads JSON lines: %j is %j', (path, expected) => {
    const lines = '{"name":"a","age":1}\n{"name":"b","age":41}\n\n{"name":"c"}\nbroken';

    expect(findByPath(lines, path)).toBe(expected);
  });

  it('gives up a query that grows beyond its document', () => {
    expect(() => findByPath('"\\""', `@this${'|@tostr'.repeat(100)}`)).toThrow(QueryTooExpensive);
  });

  it('gives up a query that looks at everything again and again', () => {
    const nested = '{"a":'.repeat(900) + `"${'x'.repeat(500_000)}"` + '}'.repeat(900);

    expect(() => findByPath(nested, '@dig:z')).toThrow(QueryTooExpensive);
    expect(() => findByPath(`["${'a'.repeat(100_000)}"]`, `#(%"*${'a'.repeat(500)}b")`)).toThrow(QueryTooExpensive);
  });

  it('takes no path that is longer than anybody writes', () => {
    expect(findByPath('{}', '@this|'.repeat(5000))).toBeUndefined();
  });
});
