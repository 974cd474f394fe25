import { XMLValidator } from 'fast-xml-parser';
import { z } from 'zod';
import { isJson } from '../gjson/scanner';

export const CONDITIONS = ['==', '!=', '>', '<', '>=', '<='] as const;

const flag = z.boolean().default(false);
const text = z.string().default('');

const fields = z.object({
  url: z.string().min(1).refine(isAbsoluteUrl, 'must be an absolute URL'),
  method: z.enum(['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS']),
  /** JSON text of an object of strings. */
  headers: text.transform((json, context) => {
    const headers = parseHeaders(json);
    if (!headers) context.addIssue({ code: 'custom', message: 'must be the JSON text of an object of strings' });
    return headers ?? {};
  }),
  encoding: z.enum(['json', 'form', 'xml', 'text']),
  body: text,
  accepted_statuscodes: z.array(z.enum(['1XX', '2XX', '3XX', '4XX', '5XX'])).min(1),
  max_redirects: z.int().min(0).default(0),
  ignore_tls_errors: flag,
  /** Read by whoever announces expiring certificates; the check sees the certificate in any case. */
  check_cert_expiry: flag,
  keyword: text,
  invert_keyword: flag,
  json_query: text,
  json_condition: z.enum(['', ...CONDITIONS]).default(''),
  expected_value: text,
  authMethod: z.enum(['none', 'basic', 'oauth2-cc', 'ntlm', 'mtls']),
  basic_auth_user: text,
  basic_auth_pass: text,
  authDomain: text,
  /** Required by the contract; NTLM names no workstation. */
  authWorkstation: text,
  oauth_auth_method: text,
  oauth_token_url: text,
  oauth_client_id: text,
  oauth_client_secret: text,
  oauth_scopes: text,
  tlsCert: text,
  tlsKey: text,
  tlsCa: text,
});

export type HttpConfig = z.output<typeof fields>;

/** The three http types share it: what a type does not use is accepted and ignored. */
export const httpConfig = fields
  // Even when fields are wrong, so that one answer names everything that is.
  .superRefine(requireAuthFields, { when: () => true })
  .superRefine(requireReadableBody, { when: () => true });

export const httpSecrets = [
  'headers',
  'body',
  'basic_auth_pass',
  'oauth_client_secret',
  'tlsKey',
] as const satisfies readonly (keyof HttpConfig)[];

const AUTH_FIELDS: Record<string, readonly (keyof HttpConfig)[]> = {
  basic: ['basic_auth_user', 'basic_auth_pass'],
  ntlm: ['basic_auth_user', 'basic_auth_pass', 'authDomain', 'authWorkstation'],
  'oauth2-cc': ['oauth_token_url', 'oauth_client_id', 'oauth_client_secret'],
  mtls: ['tlsCert', 'tlsKey', 'tlsCa'],
};

function requireAuthFields(config: Partial<HttpConfig>, context: z.RefinementCtx): void {
  const { authMethod = 'none', oauth_auth_method, oauth_token_url } = config;
  const refuse = (field: keyof HttpConfig, message: string) =>
    context.addIssue({ code: 'custom', path: [field], message });

  for (const field of AUTH_FIELDS[authMethod] ?? []) {
    if (config[field] === '') refuse(field, `is required when authMethod is ${authMethod}`);
  }
  if (authMethod !== 'oauth2-cc') return;
  if (oauth_auth_method !== 'client_secret_basic' && oauth_auth_method !== 'client_secret_post') {
    refuse('oauth_auth_method', 'must be one of client_secret_basic, client_secret_post');
  }
  if (oauth_token_url && !oauth_token_url.startsWith('/') && !isAbsoluteUrl(oauth_token_url)) {
    refuse('oauth_token_url', 'must be an absolute URL');
  }
}

function requireReadableBody({ encoding, body }: Partial<HttpConfig>, context: z.RefinementCtx): void {
  if (!body || !encoding || READABLE[encoding](body)) return;
  context.addIssue({ code: 'custom', path: ['body'], message: `must be valid ${BODY_KINDS[encoding]}` });
}

const BODY_KINDS = { json: 'JSON', form: 'form data', xml: 'XML', text: 'text' };

const READABLE: Record<HttpConfig['encoding'], (body: string) => boolean> = {
  json: isJson,
  form: (body) => !body.includes(';') && !/%(?![\da-f]{2})/i.test(body),
  xml: startsWithElement,
  text: () => true,
};

/** One well-formed element; text after it does not matter. */
function startsWithElement(body: string): boolean {
  const verdict = XMLValidator.validate(body);
  return verdict === true || /^(Extra text|Multiple possible root)/.test(verdict.err.msg);
}

function parseHeaders(json: string): Record<string, string> | null {
  if (json === '') return {};
  if (!isJson(json)) return null;
  const value: unknown = JSON.parse(json);
  if (value === null) return {};
  if (typeof value !== 'object' || Array.isArray(value)) return null;
  return Object.values(value).every((item) => typeof item === 'string') ? (value as Record<string, string>) : null;
}

/** With a scheme, and with a host or something in its place. */
function isAbsoluteUrl(value: string): boolean {
  if (!/^\s*[a-z][a-z\d+.-]*:/i.test(value) || !URL.canParse(value)) return false;
  const { host, pathname, hash } = new URL(value);
  return host !== '' || hash !== '' || (pathname !== '' && !pathname.startsWith('/'));
}
