import { HttpError } from '@app/outbound';
import type { HttpRequest, HttpResponse } from '@app/outbound';
import { defineChecker, down, up } from '../checker';
import type { CheckContext, Checker } from '../checker';
import { CheckFailure } from '../failure';
import { httpConfig, httpSecrets } from './http.config';
import type { HttpConfig } from './http.config';
import { accepts, judgeKeyword, judgeStatus } from './judge';
import type { Judge } from './judge';

const MAX_BODY_BYTES = 10 * 1024 * 1024;

export const httpChecker = httpTypeChecker('http', [judgeStatus, judgeKeyword]);
export const httpKeywordChecker = httpTypeChecker('http-keyword', [judgeStatus, judgeKeyword]);
export const httpJsonQueryChecker = httpTypeChecker('http-json-query', [judgeStatus, judgeKeyword]);

/** One request (RFC 9110), judged by its status and its body. */
function httpTypeChecker(type: string, judges: readonly Judge[]): Checker<typeof httpConfig> {
  return defineChecker({
    type,
    config: httpConfig,
    secrets: httpSecrets,
    async check(config, context) {
      const response = await send(config, context);
      const { status, statusText, latencyMs, certificate } = response;
      const measured = { latencyMs, ...(certificate && { certificate }) };
      for (const judge of judges) {
        const problem = judge(response, config);
        if (problem !== null) return down(problem, measured);
      }
      return up(`${status} - ${status} ${statusText}`, measured);
    },
  });
}

const CONTENT_TYPES: Record<HttpConfig['encoding'], string> = {
  json: 'application/json',
  form: 'application/x-www-form-urlencoded',
  xml: 'application/xml',
  text: 'text/plain',
};

async function send(config: HttpConfig, { outbound, signal }: CheckContext): Promise<HttpResponse> {
  const { method, body } = config;
  const request: HttpRequest = {
    url: targetUrl(config),
    method,
    headers: headersOf(config),
    ...(body !== '' && { body }),
    tls: { insecure: config.ignore_tls_errors },
    maxRedirects: config.max_redirects,
    maxBodyBytes: MAX_BODY_BYTES,
    wantsBody: (status) => accepts(config, status),
    signal,
  };
  return outbound.http(request).catch(requestFailed(method));
}

function headersOf({ encoding, headers, ...config }: HttpConfig): Record<string, string> {
  const result: Record<string, string> = { 'content-type': CONTENT_TYPES[encoding] };
  for (const [name, value] of Object.entries(headers)) result[name.toLowerCase()] = value;
  if (config.authMethod === 'basic') {
    const credentials = Buffer.from(`${config.basic_auth_user}:${config.basic_auth_pass}`).toString('base64');
    result['authorization'] = `Basic ${credentials}`;
  }
  return result;
}

/** `http:host` is a URL to browsers, which guess the host; a monitor has to say what it means. */
function targetUrl({ url, method }: HttpConfig): URL {
  if (/^\s*https?:(?!\/\/)/i.test(url)) {
    throw new CheckFailure(`${operation(method)} "${url}": http: no Host in request URL`, { latencyMs: 0 });
  }
  return new URL(url);
}

/** For `.catch()`: `Get "https://shop.example/health": ...` */
export function requestFailed(method: string): (error: unknown) => never {
  return (error) => {
    if (!(error instanceof HttpError)) throw error;
    const { message, phase, at, latencyMs, certificate } = error;
    const text =
      phase === 'body' ? `Failed to read response body: ${message}` : `${operation(method)} "${at}": ${message}`;
    throw new CheckFailure(text, { cause: error, latencyMs, certificate });
  };
}

function operation(method: string): string {
  return method.charAt(0) + method.slice(1).toLowerCase();
}
