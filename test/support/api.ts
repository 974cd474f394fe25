import { Agent, request } from 'node:http';
import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';
import { useApp } from './app';
import type { AppOptions, RunningApp } from './app';

export const ADMIN = { email: 'ops@acme.test', password: 'TestPassword1234!' };

/** `toEqual({ status, body })` compares exactly these; the headers are there, but do not take part. */
export interface Answer {
  status: number;
  /** Parsed when it is JSON; otherwise its text. */
  body: any; // eslint-disable-line @typescript-eslint/no-explicit-any -- tests assert its shape
  readonly headers: IncomingHttpHeaders;
}

export interface RawRequest {
  method: string;
  /** The whole path, with its query. */
  path: string;
  headers?: OutgoingHttpHeaders;
  /** Sent as it is. */
  text?: string | Buffer;
}

/** A client of one server; paths are below `/api/v1`. */
export class Api {
  constructor(
    private readonly server: Pick<RunningApp, 'url'>,
    private readonly headers: OutgoingHttpHeaders | (() => OutgoingHttpHeaders) = {},
  ) {}

  /** The same server with other credentials: an access token, or none. */
  as(token: string | undefined): Api {
    return new Api(this.server, token === undefined ? {} : { authorization: `Bearer ${token}` });
  }

  /** The same server and credentials with further headers. */
  with(headers: OutgoingHttpHeaders): Api {
    return new Api(this.server, () => ({ ...this.ownHeaders(), ...headers }));
  }

  get(path: string): Promise<Answer> {
    return this.call('GET', path);
  }

  post(path: string, body?: unknown): Promise<Answer> {
    return this.call('POST', path, body);
  }

  put(path: string, body?: unknown): Promise<Answer> {
    return this.call('PUT', path, body);
  }

  patch(path: string, body?: unknown): Promise<Answer> {
    return this.call('PATCH', path, body);
  }

  delete(path: string): Promise<Answer> {
    return this.call('DELETE', path);
  }

  send(raw: RawRequest): Promise<Answer> {
    return send(this.server.url, { ...raw, headers: { ...this.ownHeaders(), ...raw.headers } });
  }

  private call(method: string, path: string, body?: unknown): Promise<Answer> {
    const text = body === undefined ? undefined : JSON.stringify(body);
    return this.send({
      method,
      path: `/api/v1${path}`,
      text,
      headers: text === undefined ? {} : { 'content-type': 'application/json' },
    });
  }

  private ownHeaders(): OutgoingHttpHeaders {
    return typeof this.headers === 'function' ? this.headers() : this.headers;
  }
}

// Connections stay open between requests, and do not keep the test run alive.
const agent = new Agent({ keepAlive: true });

/** One request over a socket, with exactly these headers. */
export function send(url: string, { method, path, headers, text }: RawRequest): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    const length = text === undefined ? {} : { 'content-length': Buffer.byteLength(text) };
    const outgoing = request(
      { agent, hostname, port, method, path, headers: { ...headers, ...length } },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('error', reject);
        incoming.on('end', () => {
          const content = Buffer.concat(chunks).toString('utf8');
          const isJson = content !== '' && incoming.headers['content-type']?.startsWith('application/json');
          const answer = { status: incoming.statusCode, body: isJson ? (JSON.parse(content) as unknown) : content };
          Object.defineProperty(answer, 'headers', { value: incoming.headers, enumerable: false });
          resolve(answer as Answer);
        });
      },
    );
    outgoing.on('error', reject);
    outgoing.end(text);
  });
}

/** Registers the admin of an empty server. @returns a client signed in as the admin. */
export async function signUp(server: Pick<RunningApp, 'url'>, who = ADMIN): Promise<{ api: Api; signedIn: Answer }> {
  const signedIn = await new Api(server).post('/auth/register', who);
  if (signedIn.status !== 201) throw new Error(`registering answered ${signedIn.status}`);
  const { accessToken } = signedIn.body.data as { accessToken: string };
  return { api: new Api(server).as(accessToken), signedIn };
}

export interface SuiteApi extends Api {
  readonly app: RunningApp;
  /** Gets a new access token of the same session: after the clock was moved. */
  renew(): Promise<void>;
  accessToken(): string;
  refreshToken(): string;
}

/** A server for all tests of a `describe` or a file, and a client signed in as its admin. */
export function useApi(options: AppOptions = {}): SuiteApi {
  const app = useApp(options);
  let tokens: { accessToken: string; refreshToken: string };
  beforeAll(async () => {
    tokens = (await signUp(app)).signedIn.body.data;
  });
  const renew = async () => {
    const { status, body } = await new Api(app).post('/auth/refresh', { refreshToken: tokens.refreshToken });
    if (status !== 200) throw new Error(`refreshing answered ${status}`);
    tokens = body.data;
  };
  const api = new Api(app, () => ({ authorization: `Bearer ${tokens.accessToken}` }));
  return Object.assign(api, {
    app,
    renew,
    accessToken: () => tokens.accessToken,
    refreshToken: () => tokens.refreshToken,
  });
}
