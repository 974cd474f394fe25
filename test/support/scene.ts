import type { SuiteApi } from './api';
import { Watched, httpConfig } from './engine';
import { webhookBody } from './monitors';
import { HttpSink } from './sinks/http-sink';

/** A target to watch, and a webhook that is told what becomes of it; both forget before each test. */
export function useScene(api: SuiteApi) {
  let target: HttpSink;
  let hook: HttpSink;
  let channel = '';
  beforeAll(async () => {
    [target, hook] = await Promise.all([HttpSink.start(), HttpSink.start()]);
    channel = (await api.post('/notification-channels', webhookBody(hook.url))).body.data.id as string;
  });
  afterAll(() => Promise.all([target.stop(), hook.stop()]));
  beforeEach(() => {
    target.reset();
    hook.reset();
  });
  return {
    get target() {
      return target;
    },
    get hook() {
      return hook;
    },
    /** Id of the webhook's channel. */
    get channel() {
      return channel;
    },
    /** Ends the connections to the target that are open; another one takes its place, for monitors made from then on. */
    replaceTarget: async () => {
      await target.stop();
      target = await HttpSink.start();
    },
    /** A monitor of the target that tells the webhook, unless told otherwise. */
    watch: (values: Record<string, unknown> = {}) =>
      Watched.create(api, {
        type: 'http',
        config: httpConfig(target.url),
        notification_ids: [channel],
        ...values,
      }),
  };
}
