import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { OutgoingHttpHeaders } from 'node:http';
import type { Answer } from './api';
import { send } from './api';
import type { RunningApp } from './app';
import { Likeness } from './likeness';

/** One request to the system that clients know, and its answer. */
export interface Exchange {
  name: string;
  request: { method: string; path: string; headers: Record<string, string>; body?: unknown; body_text?: string };
  response: { status: number; headers: Record<string, string>; body?: unknown };
  /** Where we answer differently. */
  ours?: string;
}

/** How an exchange is replayed when it cannot be taken word by word. */
export interface Case {
  /** Shown in the test's name. */
  why: string;
  skip?: true;
  before?: () => void | Promise<void>;
  after?: (answer: Answer) => void | Promise<void>;
  /** Replaces parts of the request; may be computed when its turn comes. */
  request?: Partial<Exchange['request']> | (() => Partial<Exchange['request']> | Promise<Partial<Exchange['request']>>);
  /** Replaces parts of the answer; may be made from the recorded one. */
  response?: Expected | ((recorded: Exchange['response']) => Expected);
}

type Expected = Partial<Pick<Exchange['response'], 'status' | 'body'>>;

/** What holds for many exchanges; applied before the case of an exchange. */
export interface Rule {
  /** Shown in the tests' names. */
  why: string;
  applies: (exchange: Exchange) => boolean;
  skip?: true;
  change?: (exchange: Exchange) => Exchange;
}

export interface ReplayOptions {
  /** The server, its state as it was before the first exchange. */
  server: Pick<RunningApp, 'url'>;
  /** What stands for `<access>` and the like, with the angle brackets. */
  placeholders?: Record<string, string | (() => string)>;
  /** Keys that our answers have in addition. */
  additions?: readonly string[];
  rules?: readonly Rule[];
  /** By the exchange's name. */
  cases?: Record<string, Case>;
  /** Which exchanges; default all. */
  only?: (exchange: Exchange, index: number) => boolean;
  /** Ids, tokens and the like of the recording whose counterparts are known beforehand; more are learnt on the way. */
  known?: () => Record<string, string>;
}

/**
 * Defines a test per recorded exchange of a file in `EXCHANGES_DIR`, to run in their order. Status and body have to
 * be those recorded; ids, times and tokens only alike, but the same wherever they were the same.
 */
export function replay(file: string, options: ReplayOptions): void {
  const exchanges = loadExchanges(file);
  if (!exchanges) {
    it.skip(`${file}: set EXCHANGES_DIR to the folder of the recorded exchanges to replay them`, () => undefined);
    return;
  }
  const { cases = {}, rules = [], only = () => true } = options;
  const chosen = exchanges.filter(only);
  const likeness = new Likeness(options.additions);
  if (options.known) {
    const { known } = options;
    beforeAll(() => Object.entries(known()).forEach(([recorded, ours]) => likeness.learn(recorded, ours)));
  }
  for (const recorded of chosen) {
    const general = rules.filter(({ applies }) => applies(recorded));
    const exchange = general.reduce((changed, rule) => rule.change?.(changed) ?? changed, recorded);
    const special = cases[exchange.name];
    const reasons = [...general, ...(special ? [special] : [])].map(({ why }) => why);
    const title = reasons.length > 0 ? `${exchange.name} (${reasons.join('; ')})` : exchange.name;
    const skip = special ? special.skip : general.some((rule) => rule.skip);
    (skip ? it.skip : it)(title, async () => {
      await special?.before?.();
      const changed = typeof special?.request === 'function' ? await special.request() : special?.request;
      const request = { ...exchange.request, ...changed };
      const answer = await sendRecorded(options, likeness, request);
      const wanted = special?.response;
      const replacement = typeof wanted === 'function' ? wanted(exchange.response) : wanted;
      const expected = { ...exchange.response, ...replacement };
      expect({
        exchange: exchange.name,
        differs: likeness.differences(expected, cutLike(expected, exchange.name, answer)),
      }).toEqual({
        exchange: exchange.name,
        differs: [],
      });
      await special?.after?.(answer);
    });
  }
  const names = new Set(exchanges.map(({ name }) => name));
  it('has no case without an exchange', () => {
    expect(Object.keys(cases).filter((name) => !names.has(name))).toEqual([]);
  });
}

/** The recording was cut where its name says so: our answer is cut likewise. */
function cutLike({ body }: Expected, name: string, answer: Answer): Answer {
  if (!name.includes(' trimmed ')) return answer;
  const { data } = body as { data: unknown[] | { points: unknown[] } };
  const ours = answer.body.data;
  const cut = Array.isArray(data)
    ? ours.slice(0, data.length)
    : { ...ours, points: ours.points.slice(0, data.points.length) };
  return { ...answer, headers: answer.headers, body: { ...answer.body, data: cut } };
}

/** Null when the folder of the exchanges is not told. */
export function loadExchanges(file: string): Exchange[] | null {
  const folder = process.env.EXCHANGES_DIR;
  if (!folder) return null;
  const name = path.join(folder, file);
  if (!existsSync(name)) throw new Error(`EXCHANGES_DIR has no ${file}`);
  return JSON.parse(readFileSync(name, 'utf8')) as Exchange[];
}

function sendRecorded(
  { server, placeholders = {} }: ReplayOptions,
  likeness: Likeness,
  { method, path: target, headers, body, body_text }: Exchange['request'],
): Promise<Answer> {
  const fill = (text: string) =>
    likeness.translate(text).replace(/<[^<>]+>/g, (name) => {
      const value = placeholders[name];
      if (value === undefined) throw new Error(`Nothing stands for ${name}`);
      return typeof value === 'function' ? value() : value;
    });
  const recorded = body_text ?? (body === undefined || typeof body === 'string' ? body : JSON.stringify(body));
  const text = recorded === undefined ? undefined : likeness.translate(recorded);
  const filled: OutgoingHttpHeaders = {};
  for (const [name, value] of Object.entries(headers)) filled[name] = fill(value);
  return send(server.url, { method, path: likeness.translate(target), headers: filled, text });
}
