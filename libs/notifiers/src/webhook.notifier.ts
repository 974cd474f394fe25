import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { httpUrl } from './fields';
import { ensureOk } from './http';
import type { Message, Render } from './notifier';
import { defineNotifier } from './notifier';
import { headersFault, parseHeaders } from './webhook-headers';

const config = z
  .object({
    webhook_url: httpUrl(),
    webhook_content_type: z.enum(['json', 'form-data', 'custom']),
    webhook_custom_body: z.string().optional(),
    webhook_additional_headers: z
      .string()
      .superRefine((text, context) => {
        const fault = headersFault(text);
        if (fault) context.addIssue({ code: 'custom', message: fault });
      })
      .optional(),
    /** Ours: the monitor's passwords, keys and push token go along, as the system we replace sent them to everybody. */
    webhook_include_secrets: z.boolean().optional(),
  })
  .refine(({ webhook_content_type, webhook_custom_body }) => webhook_content_type !== 'custom' || webhook_custom_body, {
    path: ['webhook_custom_body'],
    message: "is required when webhook_content_type is 'custom'",
    when: () => true, // also next to other faults, so that one answer names them all
  });
type Config = z.output<typeof config>;

/** A POST to a URL of the user's; the JSON it sends is what receivers parse, so its keys and types are fixed. */
export const webhookNotifier = defineNotifier({
  type: 'webhook',
  config,
  secrets: ['webhook_url', 'webhook_additional_headers'],
  async send(config, message, { http, render, version }) {
    const { contentType, body } = await content(config, message, render);

    const response = await http.send(config.webhook_url, {
      method: 'POST',
      headers: {
        'content-type': contentType,
        'idempotency-key': message.idempotencyKey,
        ...parseHeaders(config.webhook_additional_headers),
        'user-agent': `Peekaping-Webhook/${version}`, // always ours, so that receivers can tell us
      },
      body,
      failure: 'failed to send webhook request',
    });
    ensureOk(response, ({ status, body }) => `webhook returned status ${status}: ${body}`);
  },
});

async function content(
  { webhook_content_type, webhook_custom_body, webhook_include_secrets }: Config,
  message: Message,
  render: Render,
): Promise<{ contentType: string; body: string }> {
  const { heartbeat, text } = message;
  const monitor = webhook_include_secrets ? message.monitorWithSecrets : message.monitor;
  const payload = () => JSON.stringify({ heartbeat, monitor, msg: text });
  switch (webhook_content_type) {
    case 'json':
      return { contentType: 'application/json', body: payload() };
    case 'form-data':
      return formData('data', payload());
    case 'custom': {
      const body = await render(webhook_custom_body, text, 'failed to render custom body template');
      return { contentType: 'text/plain', body };
    }
  }
}

/** One field in `multipart/form-data` (RFC 7578). */
function formData(name: string, value: string): { contentType: string; body: string } {
  const boundary = randomBytes(30).toString('hex');
  const part = `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
  return { contentType: `multipart/form-data; boundary=${boundary}`, body: `${part}--${boundary}--\r\n` };
}
