import { z } from 'zod';
import { DeliveryError } from './delivery-error';
import { integer } from './fields';
import { basic, ensureOk } from './http';
import { defineNotifier } from './notifier';
import { singleLine, truncateBytes } from './text';

const config = z.object({
  server_url: z.string(),
  topic: z.string(),
  authentication_type: z.enum(['none', 'basic', 'token']),
  username: z.string().optional(),
  password: z.string().optional(),
  token: z.string().optional(),
  priority: integer({ min: 1, max: 5 }),
  tags: z.string().optional(),
  title: z.string().optional(),
  custom_message: z.string().optional(),
});
type Config = z.output<typeof config>;

/** Beyond this many bytes the server turns a message into an attachment. */
const MAX_BODY_BYTES = 4096;

/** https://docs.ntfy.sh/publish/ */
export const ntfyNotifier = defineNotifier({
  type: 'ntfy',
  config,
  secrets: ['password', 'token'],
  async send(config, message, { http, render, version }) {
    const title = await render(config.title, 'Peekaping Notification');
    const tags = await render(config.tags, null);
    const body = await render(config.custom_message, message.text);

    const response = await http.send(`${config.server_url.replace(/\/$/, '')}/${config.topic}`, {
      method: 'POST',
      headers: {
        'content-type': 'text/plain',
        'user-agent': `Peekaping-NTFY/${version}`,
        'x-priority': String(config.priority),
        ...(title && { 'x-title': singleLine(title) }),
        ...(tags !== null && { 'x-tags': singleLine(trimmedList(tags)) }),
        ...credentials(config),
      },
      body: truncateBytes(body, MAX_BODY_BYTES),
      failure: 'failed to send NTFY request',
    });
    ensureOk(response, ({ status, body }) => `NTFY request failed with status ${status}: ${body}`);
  },
});

function credentials({ authentication_type, username, password, token }: Config): Record<string, string> {
  switch (authentication_type) {
    case 'none':
      return {};
    case 'basic':
      if (!username || !password) throw new DeliveryError('username and password required for basic authentication');
      return { authorization: basic(username, password) };
    case 'token':
      if (!token) throw new DeliveryError('token required for token authentication');
      return { authorization: `Bearer ${token}` };
  }
}

function trimmedList(tags: string): string {
  return tags
    .split(',')
    .map((tag) => tag.trim())
    .join(',');
}
