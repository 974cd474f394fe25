import type { Answer } from './api';

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;
const OUR_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const JWT = /^eyJ[\w-]*\.[\w-]+\.[\w-]+$/;
const TOTP_SECRET = /^[A-Z2-7]{32}$/;
const API_KEY = /^pk_[\w-]+=*$/;

/**
 * Refusals of malformed input: their wording is ours to choose, their status and what they begin with (the captured
 * part) are not.
 */
const FREE_WORDING =
  /^(Invalid (?:monitor configuration|config): |)(?:failed to parse config: )?(?:EOF|unexpected|Invalid request body|Key: '|json: |invalid character|parsing time|Time\.UnmarshalJSON)/;

interface Recorded {
  status: number;
  headers: Record<string, string>;
  body?: unknown;
}

/** Compares our answers with recorded ones, and remembers which id, token or key of ours stands for which recorded. */
export class Likeness {
  private readonly counterparts = new Map<string, string>();
  private readonly ours = new Set<string>();

  constructor(private readonly additions: readonly string[] = []) {}

  learn(recorded: string, ours: string): void {
    this.counterparts.set(recorded, ours);
    this.ours.add(ours);
  }

  /** A recorded text in our terms. */
  translate(text: string): string {
    let translated = text;
    for (const [recorded, ours] of this.counterparts) translated = translated.replaceAll(recorded, ours);
    return translated;
  }

  /** @returns one line per difference. */
  differences(recorded: Recorded, answer: Answer): string[] {
    if (recorded.status !== answer.status) {
      return [`status ${answer.status} instead of ${recorded.status}: ${JSON.stringify(answer.body)}`];
    }
    const found: string[] = [];
    const body = recorded.body === '404 page not found' ? { message: 'Not found', data: null } : recorded.body;
    const wantsJson = typeof body === 'object' && body !== null;
    const type = answer.headers['content-type'];
    if (wantsJson && type !== 'application/json; charset=utf-8') found.push(`content-type ${type}`);
    if ('retry-after' in recorded.headers && !/^\d+$/.test(answer.headers['retry-after'] ?? '')) {
      found.push('no Retry-After');
    }
    const start = recorded.status === 400 ? beginningOf(body) : null;
    if (start !== null) {
      const { message, ...rest } = answer.body as { message: unknown };
      if (typeof message !== 'string' || !message.startsWith(start) || message === start) {
        found.push(`message ${JSON.stringify(message)} instead of one that begins with ${JSON.stringify(start)}`);
      }
      this.compare({ data: null }, rest, 'body', found);
    } else {
      this.compare(body, answer.body, 'body', found);
    }
    return found;
  }

  private compare(recorded: unknown, ours: unknown, at: string, found: string[]): void {
    if (Array.isArray(recorded) && Array.isArray(ours)) {
      if (recorded.length !== ours.length) found.push(`${at}: ${ours.length} items instead of ${recorded.length}`);
      recorded.slice(0, ours.length).forEach((item, i) => this.compare(item, ours[i], `${at}[${i}]`, found));
    } else if (isObject(recorded) && isObject(ours)) {
      for (const key of Object.keys(recorded)) {
        if (key in ours) this.compare(recorded[key], ours[key], `${at}.${key}`, found);
        else found.push(`${at}.${key} is missing`);
      }
      for (const key of Object.keys(ours)) {
        if (!(key in recorded) && !this.additions.includes(key)) found.push(`${at}.${key} is new`);
      }
    } else if (!this.sameValue(recorded, ours)) {
      found.push(`${at}: ${JSON.stringify(ours)} instead of ${JSON.stringify(recorded)}`);
    }
  }

  private sameValue(recorded: unknown, ours: unknown): boolean {
    if (recorded === null && Array.isArray(ours)) return ours.length === 0;
    if (typeof recorded !== 'string' || typeof ours !== 'string') return Object.is(recorded, ours);
    if (TIME.test(recorded)) return recorded === ours || OUR_TIME.test(ours);
    for (const kind of [JWT, TOTP_SECRET, UUID, API_KEY]) {
      if (!kind.test(recorded) || !kind.test(ours)) continue;
      if (kind === JWT || kind === TOTP_SECRET) {
        // The recorded system gave the same one out several times; ours does not. The latest one counts.
        this.learn(recorded, ours);
        return true;
      }
      const known = this.counterparts.get(recorded);
      if (known !== undefined) return known === ours;
      if (this.ours.has(recorded)) return recorded === ours;
      this.learn(recorded, ours);
      return true;
    }
    return this.translate(recorded) === ours;
  }
}

/** What a freely worded message has to begin with; null when its wording is fixed. */
function beginningOf(body: unknown): string | null {
  const message = (body as { message?: unknown } | null | undefined)?.message;
  return typeof message === 'string' ? (FREE_WORDING.exec(message)?.[1] ?? null) : null;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
