import { z } from 'zod';
import { httpUrl } from './fields';
import { ensureOk } from './http';
import type { HeartbeatView } from './notifier';
import { defineNotifier } from './notifier';
import { truncate } from './text';

const config = z.object({
  slack_webhook_url: httpUrl(),
  slack_username: z.string().optional(),
  slack_icon_emoji: z.string().optional(),
  slack_channel: z.string().optional(),
  slack_rich_message: z.boolean().default(false),
  slack_channel_notify: z.boolean().default(false),
  use_template: z.boolean().default(false),
  template: z.string().optional(),
});

const TITLE = 'Peekaping Alert';
/** https://docs.slack.dev/reference/block-kit/blocks/section-block */
const MAX_FIELD = 2000;
/** https://docs.slack.dev/changelog/2018-truncating-really-long-messages */
const MAX_TEXT = 40_000;

/** https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks */
export const slackNotifier = defineNotifier({
  type: 'slack',
  config,
  secrets: ['slack_webhook_url'],
  async send(config, message, { http, render, clientUrl, version }) {
    const template = config.use_template ? config.template : undefined;
    const text = await render(template, escape(message.text), 'failed to render template');
    const mention = config.slack_channel_notify ? ' <!channel>' : '';

    const content =
      config.slack_rich_message && message.heartbeat
        ? richMessage(text, mention, message.heartbeat, clientUrl && `${clientUrl}/monitors/${message.monitor.id}`)
        : { text: fit(text, mention, MAX_TEXT) };
    const response = await http.send(config.slack_webhook_url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'user-agent': `Peekaping-Slack/${version}` },
      body: JSON.stringify({
        ...content,
        username: config.slack_username,
        icon_emoji: config.slack_icon_emoji,
        channel: config.slack_channel,
      }),
      failure: 'failed to send Slack webhook',
    });
    ensureOk(response, ({ status, statusText }) => `Slack webhook returned status: ${status} ${statusText}`);
  },
});

function richMessage(text: string, mention: string, heartbeat: HeartbeatView, link: string) {
  const time = heartbeat.time.slice(0, 19).replace('T', ' ');
  const blocks: object[] = [
    { type: 'header', text: { type: 'plain_text', text: TITLE } },
    { type: 'section', fields: [field('Message', text, mention), field('Time', time)] },
  ];
  if (link) blocks.push({ type: 'actions', elements: [button('Visit Peekaping', link)] });
  return { text: TITLE, attachments: [{ color: colorOf(heartbeat.status), blocks }] };
}

function field(title: string, text: string, suffix = '') {
  return { type: 'mrkdwn', text: fit(`*${title}*\n${text}`, suffix, MAX_FIELD) };
}

function button(text: string, url: string) {
  return { type: 'button', text: { type: 'plain_text', text }, value: 'Peekaping', url };
}

/** The suffix is a mention, which must survive the cut. */
function fit(text: string, suffix: string, max: number): string {
  return truncate(text, max - suffix.length) + suffix;
}

/** https://docs.slack.dev/messaging/formatting-message-text#escaping; a template may mean its markup. */
function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

const COLORS = ['#e01e5a', '#2eb886', '#daa038'];

function colorOf(status: number): string {
  return COLORS[status] ?? '#808080';
}
