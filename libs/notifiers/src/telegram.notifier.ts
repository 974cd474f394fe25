import { z } from 'zod';
import { httpUrl } from './fields';
import type { NotifierResponse } from './http';
import { ensureOk } from './http';
import { defineNotifier } from './notifier';
import { truncate } from './text';

const config = z.object({
  bot_token: z.string(),
  chat_id: z.string(),
  message_thread_id: z.string().optional(),
  server_url: httpUrl().default('https://api.telegram.org'),
  use_template: z.boolean().default(false),
  template_parse_mode: z.enum(['plain', 'MarkdownV2', 'HTML', 'Markdown']).default('plain'),
  template: z.string().optional(),
  send_silently: z.boolean().default(false),
  protect_content: z.boolean().default(false),
});

const MAX_TEXT = 4096;

/** https://core.telegram.org/bots/api#sendmessage */
export const telegramNotifier = defineNotifier({
  type: 'telegram',
  config,
  secrets: ['bot_token'],
  async send(config, message, { http, render, version }) {
    const template = config.use_template ? config.template : undefined;
    const text = await render(template, message.text, 'failed to render template');
    const token = encodeURIComponent(config.bot_token).replaceAll('%3A', ':');

    const post = (parse_mode?: string) =>
      http.send(`${config.server_url.replace(/\/+$/, '')}/bot${token}/sendMessage`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'user-agent': `Peekaping/${version}` },
        body: JSON.stringify({
          chat_id: config.chat_id,
          text: truncate(text, MAX_TEXT),
          disable_notification: config.send_silently,
          protect_content: config.protect_content,
          message_thread_id: config.message_thread_id,
          parse_mode,
        }),
        failure: 'failed to send telegram message',
      });

    const parseMode = config.use_template && config.template_parse_mode !== 'plain' ? config.template_parse_mode : null;
    let response = await post(parseMode ?? undefined);
    // A `.` in a monitor's name is enough to break MarkdownV2; better without markup than not at all
    if (parseMode && response.status === 400 && /can't parse/i.test(answerOf(response).description)) {
      response = await post();
    }
    const { description, retryAfterSeconds } = answerOf(response);
    ensureOk(
      { ...response, body: description, retryAfterSeconds: response.retryAfterSeconds ?? retryAfterSeconds },
      ({ status, statusText, body }) => `telegram API returned status: ${status} ${statusText}, body: ${body}`,
    );
  },
});

const answer = z.object({
  description: z.string(),
  parameters: z.object({ retry_after: z.number().optional() }).optional(),
});

/** https://core.telegram.org/bots/api#responseparameters; a proxy in between may answer anything else. */
function answerOf({ body }: NotifierResponse): { description: string; retryAfterSeconds?: number } {
  try {
    const { description, parameters } = answer.parse(JSON.parse(body));
    return { description, retryAfterSeconds: parameters?.retry_after };
  } catch {
    return { description: body };
  }
}
