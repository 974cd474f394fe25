/** What a client sends to create a monitor: a TCP one that is never checked, unless told otherwise. */
export function monitorBody(values: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    type: 'tcp',
    name: 'Mail relay',
    interval: 60,
    timeout: 20,
    max_retries: 2,
    retry_interval: 40,
    resend_interval: 0,
    active: false,
    notification_ids: [],
    tag_ids: [],
    proxy_id: '',
    config: '{"host":"127.0.0.1","port":25}',
    push_token: '',
    ...values,
  };
}

/** A push monitor and its token. */
export function pushBody(token: string, values: Record<string, unknown> = {}): Record<string, unknown> {
  const config = JSON.stringify({ pushToken: token });
  return monitorBody({
    type: 'push',
    name: 'Nightly job',
    max_retries: 0,
    active: true,
    config,
    push_token: token,
    ...values,
  });
}

/** A channel that posts to this address. */
export function webhookBody(url: string, values: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    name: 'Ops room',
    type: 'webhook',
    active: true,
    is_default: false,
    config: JSON.stringify({ webhook_url: url, webhook_content_type: 'json' }),
    ...values,
  };
}
