import { isAppError } from '@app/core';
import { findNotifier, knownConfigKeys, parseChannelConfig } from './registry';

/** The message of the refusal; "" when the config is accepted. */
function refusal(type: string, config: unknown): string {
  try {
    parseChannelConfig(type, typeof config === 'string' ? config : JSON.stringify(config));
    return '';
  } catch (error) {
    if (isAppError(error, 'invalid')) return error.message;
    throw error;
  }
}

const VALID = {
  webhook: { webhook_url: 'http://a/x', webhook_content_type: 'json' },
  ntfy: { server_url: 'https://ntfy.sh', topic: 't', authentication_type: 'none', priority: 3 },
  slack: { slack_webhook_url: 'http://a/x' },
  telegram: { bot_token: '1:x', chat_id: '42' },
  smtp: { smtp_host: 'h', smtp_port: 587, username: 'u', password: 'p', from: 'a@b.co', to: 'c@d.co' },
};
type Type = keyof typeof VALID;
const TYPES = Object.keys(VALID) as Type[];

describe('parseChannelConfig', () => {
  it.each(TYPES)('accepts a minimal %s config', (type) => {
    expect(refusal(type, VALID[type])).toBe('');
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['webhook', {}, 'webhook_url is required; webhook_content_type is required'],
    ['ntfy', {}, 'server_url is required; topic is required; authentication_type is required; priority is required'],
    ['slack', {}, 'slack_webhook_url is required'],
    ['telegram', {}, 'bot_token is required; chat_id is required'],
    [
      'smtp',
      {},
      'smtp_host is required; smtp_port is required; username is required; password is required; from is required; to is required',
    ],
  ])('names every required field of %s', (type, config, detail) => {
    expect(refusal(type, config)).toBe(`Invalid config: ${detail}`);
  });

  it.each<[Type, Record<string, unknown>, string]>([
    ['webhook', { webhook_url: '' }, 'webhook_url is required'],
    ['webhook', { webhook_url: null }, 'webhook_url is required'],
    ['webhook', { webhook_url: '127.0.0.1:80' }, 'webhook_url must be a valid http or https URL'],
    ['webhook', { webhook_content_type: 'xml' }, 'webhook_content_type must be one of json, form-data, custom'],
    ['webhook', { webhook_content_type: 'JSON' }, 'webhook_content_type must be one of json, form-data, custom'],
    [
      'webhook',
      { webhook_content_type: 'custom' },
      "webhook_custom_body is required when webhook_content_type is 'custom'",
    ],
    ...['nope', '[1]', '1', 'null', '{"a":{}}', '{"a":[1]}'].map((text): [Type, Record<string, unknown>, string] => [
      'webhook',
      { webhook_additional_headers: text },
      'webhook_additional_headers must be a JSON object of strings, numbers or booleans',
    ]),
    [
      'webhook',
      { webhook_additional_headers: '{"a b":"1"}' },
      "webhook_additional_headers has 'a b', which is not a header name",
    ],
    ['ntfy', { priority: 0 }, 'priority must be at least 1'],
    ['ntfy', { priority: 6 }, 'priority must be at most 5'],
    ['ntfy', { priority: '6' }, 'priority must be at most 5'],
    ['ntfy', { priority: null }, 'priority is required'],
    ['ntfy', { authentication_type: 'bearer' }, 'authentication_type must be one of none, basic, token'],
    ['slack', { slack_webhook_url: 'javascript:x(1)' }, 'slack_webhook_url must be a valid http or https URL'],
    [
      'telegram',
      { server_url: 'nope', template_parse_mode: 'html' },
      'server_url must be a valid http or https URL; template_parse_mode must be one of plain, MarkdownV2, HTML, Markdown',
    ],
    ['smtp', { smtp_port: 0 }, 'smtp_port must be at least 1'],
    ['smtp', { smtp_port: 65536 }, 'smtp_port must be at most 65535'],
  ])('%s refuses %j by its rules', (type, changes, detail) => {
    expect(refusal(type, { ...VALID[type], ...changes })).toBe(`Invalid config: ${detail}`);
  });

  it.each<[Type, Record<string, unknown>, string]>([
    ['telegram', { chat_id: 42 }, 'chat_id must be a string'],
    ['telegram', { send_silently: 'true' }, 'send_silently must be a boolean'],
    ['telegram', { template_parse_mode: 1 }, 'template_parse_mode must be a string'],
    ['ntfy', { priority: 3.5 }, 'priority must be an integer'],
    ['ntfy', { priority: '3.5', topic: 7 }, 'topic must be a string; priority must be an integer'],
    ['smtp', { smtp_port: 'x' }, 'smtp_port must be an integer'],
    ['webhook', { webhook_url: ['http://a'] }, 'webhook_url must be a string'],
  ])('%s refuses %j as unreadable', (type, changes, detail) => {
    expect(refusal(type, { ...VALID[type], ...changes })).toBe(`Invalid config: failed to parse config: ${detail}`);
  });

  it.each([
    ['', 'unexpected end of JSON input'],
    ['{"webhook_url":', 'unexpected end of JSON input'],
    ['hello', 'not a valid JSON document'],
    ['[]', 'a JSON object is expected'],
    ['1', 'a JSON object is expected'],
  ])('refuses the text %j', (text, detail) => {
    expect(refusal('webhook', text)).toBe(`Invalid config: failed to parse config: ${detail}`);
  });

  it('takes the document null for an empty one', () => {
    expect(refusal('slack', 'null')).toBe('Invalid config: slack_webhook_url is required');
  });

  it('never quotes the document, which holds secrets', () => {
    expect(refusal('slack', '"https://hooks.example.org/s3cret')).not.toContain('s3cret');
  });

  it.each(['carrier_pigeon', 'Webhook', 'email', '', '__proto__'])('does not know the type %j', (type) => {
    expect(findNotifier(type)).toBeNull();
    expect(refusal(type, {})).toBe('Unsupported notification type');
  });

  it('understands numbers sent as text', () => {
    const { config } = parseChannelConfig('smtp', JSON.stringify({ ...VALID.smtp, smtp_port: '465' }));

    expect(config.smtp_port).toBe(465);
  });

  it('matches keys in any letter case, the exact spelling first', () => {
    const { config } = parseChannelConfig('slack', '{"SLACK_WEBHOOK_URL":"http://a","slack_webhook_url":"http://b"}');

    expect(config.slack_webhook_url).toBe('http://b');
    expect(parseChannelConfig('slack', '{"Slack_Webhook_URL":"http://a"}').config.slack_webhook_url).toBe('http://a');
  });

  it('ignores name, type and what is left over from other providers', () => {
    const leftovers = { ...VALID.smtp, ...VALID.telegram, smtp_port: 'not even a number', name: 'x', type: 'webhook' };

    const { config } = parseChannelConfig('webhook', JSON.stringify({ ...leftovers, ...VALID.webhook }));

    expect(config).toEqual(VALID.webhook);
  });

  it('refuses keys that no provider knows', () => {
    const detail = 'zzz is not a known key; __proto__ is not a known key';
    const text = `{"webhook_url":"http://a","webhook_content_type":"json","zzz":null,"__proto__":1}`;

    expect(refusal('webhook', text)).toBe(`Invalid config: ${detail}`);
  });
});

describe('knownConfigKeys', () => {
  it('has the keys of the channel and of every provider', () => {
    expect([...knownConfigKeys()]).toEqual(
      expect.arrayContaining(['name', 'type', ...TYPES.flatMap((type) => Object.keys(VALID[type]))]),
    );
  });
});
