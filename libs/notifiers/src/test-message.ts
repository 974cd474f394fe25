import { newId } from '@app/core';
import type { Message } from './notifier';

/** What the test endpoint sends: a DOWN of a monitor that does not exist, now (epoch ms). */
export function testMessage(now: number): Message {
  const text = 'This is a test notification from Peekaping';
  const time = new Date(now).toISOString();
  const monitor = {
    id: '',
    type: 'http',
    name: 'Test Monitor',
    interval: 0,
    timeout: 0,
    max_retries: 0,
    retry_interval: 0,
    resend_interval: 0,
    active: false,
    status: 0,
    config: '',
    proxy_id: '',
    push_token: '',
    created_at: time,
    updated_at: time,
  };
  return {
    text,
    monitor,
    monitorWithSecrets: monitor,
    heartbeat: {
      id: '',
      monitor_id: '',
      status: 0,
      msg: text,
      ping: 0,
      duration: 0,
      down_count: 0,
      retries: 0,
      important: false,
      time,
      end_time: time,
      notified: false,
    },
    idempotencyKey: `test-${newId()}`,
  };
}
