import { execFile } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const BUNDLE = pathToFileURL(path.resolve(__dirname, '../../scripts/bundle/bundle.mjs')).href;

const ENTRY = `import { Rule as OtherRule, fail } from './rules';
export const started: Promise<void> = process.argv[2] === 'fail' ? Promise.reject(new Error('no')) : Promise.resolve();
started.catch(() => undefined);
console.log(fail('a').split('\\n').slice(0, 2).join('\\n'));
class Rule {}
console.log(Rule.name, OtherRule.name);
`;

const RULES = `/** Takes lines away from what is left of it. */
interface Nothing { none: true }

export function fail(text: string, _nothing?: Nothing): string {
  if (/[äöü]/.test(text)) return 'umlaut';
  return new RangeError('out of range').stack!;
}

export class Rule {}
`;

/** What stands around the code of an app in dist. */
describe('a bundle', () => {
  let folder = '';
  const output = () => path.join(folder, 'app');
  const start = (...args: string[]) => run(process.execPath, [path.join(output(), 'main.js'), ...args]);
  const trace = () =>
    ['RangeError: out of range', `    at fail (${path.join(folder, 'rules.ts')}:6:10)`, 'Rule Rule', ''].join('\n');
  const file = (ending: string) =>
    path.join(
      output(),
      readdirSync(output()).find((name) => name.endsWith(ending))!,
    );
  const cache = () => file('.cache');

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'peekaping-bundle-'));
    await writeFile(path.join(folder, 'entry.ts'), ENTRY);
    await writeFile(path.join(folder, 'rules.ts'), RULES);
    const call = `it.bundle(${JSON.stringify({ app: path.join(folder, 'entry.ts') })}, ${JSON.stringify(folder)})`;
    await run(process.execPath, ['-e', `import(${JSON.stringify(BUNDLE)}).then((it) => ${call})`]);
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('keeps the names of classes, and names its sources in stack traces; from compiled code, too', async () => {
    await expect(start()).resolves.toEqual({ stdout: trace(), stderr: '' });
    await expect(start()).resolves.toEqual({ stdout: trace(), stderr: '' });
  });

  it('names itself in stack traces when the map is gone', async () => {
    await rm(file('.map'));

    await expect(start()).resolves.toMatchObject({ stdout: expect.stringContaining(`at fail (${file('.js')}:`) });
  });

  it('keeps what it was compiled to, once', async () => {
    await start();
    const written = Date.UTC(2020, 0, 1) / 1000;
    await utimes(cache(), written, written);

    await start();

    expect(statSync(cache()).mtimeMs).toBe(written * 1000);
  });

  it('keeps nothing of a start that failed', async () => {
    await start('fail');

    expect(readdirSync(output()).filter((name) => name.includes('.cache'))).toEqual([]);
  });

  it.each([
    ['cut short', (content: Buffer) => content.subarray(0, content.length / 2)],
    ['empty', () => Buffer.alloc(0)],
    ['changed in the middle', (content: Buffer) => content.fill(0, content.length / 2, content.length / 2 + 8)],
  ])('starts with compiled code that is %s, and writes it anew', async (_, damage) => {
    await start();
    const whole = readFileSync(cache());
    await writeFile(cache(), damage(Buffer.from(whole)));

    await expect(start()).resolves.toEqual({ stdout: trace(), stderr: '' });

    expect(readFileSync(cache())).toHaveLength(whole.length);
  });

  it('starts with the compiled code of other flags of V8', async () => {
    await start();

    await expect(
      run(process.execPath, ['--no-opt', '--max-lazy', path.join(output(), 'main.js')]),
    ).resolves.toMatchObject({ stdout: trace() });
  });

  it('starts where nothing can be written, and leaves nothing behind', async () => {
    await start();
    const name = cache();
    await rm(name);
    await mkdir(name); // not even root can write a file there

    await expect(start()).resolves.toEqual({ stdout: trace(), stderr: '' });

    expect(readdirSync(output()).filter((other) => other.includes('.cache'))).toEqual([path.basename(name)]);
    expect(existsSync(name)).toBe(true);
  });
});
