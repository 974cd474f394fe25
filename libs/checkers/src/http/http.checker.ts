import type { HttpRequest, HttpResponse, TlsSettings } from '@app/outbound';
import { defineChecker, down, up } from '../checker';
import type { CheckContext, Checker } from '../checker';
import { CheckFailure } from '../failure';
import { httpConfig, httpSecrets } from './http.config';
import type { HttpConfig } from './http.config';
import { accepts, judgeJson, judgeKeyword, judgeStatus } from './judge';
import type { Judge } from './judge';
import { clientIdentity } from './mtls';
import { ntlmResponder } from './ntlm';
import { accessToken, forgetToken } from './oauth2';
import type { Token } from './oauth2';
import { operation, requestFailed } from './request-failed';

const MAX_BODY_BYTES = 10 * 1024 * 1024;

export const httpChecker = httpTypeChecker('http', [judgeStatus, judgeKeyword]);
export const httpKeywordChecker = httpTypeChecker('http-keyword', [judgeStatus, judgeKeyword]);
export const httpJsonQueryChecker = httpTypeChecker('http-json-query', [judgeStatus, judgeKeyword, judgeJson]);

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

async function send(config: HttpConfig, context: CheckContext): Promise<HttpResponse> {
  const request = requestOf(config, context);
  const sendWith = (extras: Partial<HttpRequest>) =>
    context.outbound.http({ ...request, ...extras }).catch(requestFailed(config.method));
  switch (config.authMethod) {
    case 'none':
    case 'mtls':
      return sendWith({});
    case 'basic':
      return sendWith({ headers: { ...request.headers, authorization: basicCredentials(config) } });
    case 'ntlm': {
      const { basic_auth_user: user, basic_auth_pass: password, authDomain: domain } = config;
      return sendWith({ answerChallenge: ntlmResponder({ user, password, domain }) });
    }
    case 'oauth2-cc':
      return sendWithToken(config, { tls: request.tls, context }, ({ authorization }) =>
        sendWith({ headers: { ...request.headers, authorization } }),
      );
  }
}

/** A token from the cache that the target refuses is replaced by a new one, once. */
async function sendWithToken(
  config: HttpConfig,
  options: Parameters<typeof accessToken>[1],
  sendWith: (token: Token) => Promise<HttpResponse>,
): Promise<HttpResponse> {
  const token = await accessToken(config, options);
  const response = await sendWith(token);
  if (response.status !== 401) return response;
  forgetToken(config);
  return token.cached ? sendWith(await accessToken(config, options)) : response;
}

function requestOf(config: HttpConfig, { signal, proxy }: CheckContext): HttpRequest & { tls: TlsSettings } {
  const { method, body, encoding } = config;
  const headers: Record<string, string> = { 'content-type': CONTENT_TYPES[encoding] };
  for (const [name, value] of Object.entries(config.headers)) headers[name.toLowerCase()] = value;
  return {
    url: targetUrl(config),
    method,
    headers,
    ...(body !== '' && { body }),
    tls: {
      insecure: config.ignore_tls_errors,
      ...(config.authMethod === 'mtls' && { secureContext: clientIdentity(config) }),
    },
    ...(proxy && { proxy }),
    maxRedirects: config.max_redirects,
    maxBodyBytes: MAX_BODY_BYTES,
    wantsBody: (status) => accepts(config, status),
    signal,
  };
}

function basicCredentials({ basic_auth_user, basic_auth_pass }: HttpConfig): string {
  return `Basic ${Buffer.from(`${basic_auth_user}:${basic_auth_pass}`).toString('base64')}`;
}

/** `http:host` is a URL to browsers, which guess the host; a monitor has to say what it means. */
function targetUrl({ url, method }: HttpConfig): URL {
  if (/^\s*https?:(?!\/\/)/i.test(url)) {
    throw new CheckFailure(`${operation(method)} "${url}": http: no Host in request URL`, { latencyMs: 0 });
  }
  return new URL(url);
}
