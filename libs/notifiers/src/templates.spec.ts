import { certificateMessage, downMessage } from '../../../test/support/sinks/deliveries';
import { renderTemplate } from './templates';

describe('renderTemplate', () => {
  it.each([
    ['{{ msg }}|{{ name }}|{{ ping }}', 'HTTP request failed with status: 503|Checkout API|87'],
    ['{{ status }}{{ status_icon }}{{ status_color }}', 'DOWN❌15680580'],
    ['{{ time }}', '2026-03-04 05:06:07 +0000'],
    ['{{ time | date: "%Y/%m/%d %H:%M" }}', '2026/03/04 05:06'],
    ['{{ heartbeat.time | date: "%H" }}{{ heartbeat.created_at }}', '05'],
    ['{{ monitor.config.url }},{{ monitor.active }},{{ heartbeat.status }}', 'https://shop.example.org/health,true,0'],
    ['{{ nope }}{{ nope.x.y }}{{ monitor.constructor }}', ''],
    ['<b>&amp;{{ "<i>" }}</b>', '<b>&amp;<i></b>'],
    [
      '{{ 7 | divided_by: 2 }} {{ 7.0 | divided_by: 2 }} {{ -7 | divided_by: 2 }} {{ 7.5 | divided_by: 2 }}',
      '3 3 -3 3.75',
    ],
    ['{% for i in (1..3) %}{{ i }}{% endfor %}{%- assign q = "z" -%} {{ q }}', '123z'],
    ['{{ "a,b" | split: "," | join: "+" }}', 'a+b'],
    ['{{ heartbeat | json }}', JSON.stringify(downMessage().heartbeat)],
    ['{{ heartbeat }}', JSON.stringify(downMessage().heartbeat)],
  ])('renders %s', async (template, expected) => {
    await expect(renderTemplate(template, downMessage())).resolves.toBe(expected);
  });

  it('gives the config of a monitor as text when it is not a JSON object', async () => {
    const { monitor } = downMessage();
    const message = downMessage({ monitor: { ...monitor, config: 'plain' } });

    await expect(renderTemplate('{{ monitor.config }}', message)).resolves.toBe('plain');
  });

  it('prints nothing for what a certificate notice does not have', async () => {
    const template = '{{ status }}{{ status_icon }}{{ ping }}{{ time }}{{ heartbeat.status }}[{{ name }}]';

    await expect(renderTemplate(template, certificateMessage())).resolves.toBe('[Checkout API]');
  });

  it.each([
    [1, 'UP✅2278750'],
    [2, 'PENDING⏳11032055'],
    [3, 'MAINTENANCE🚧3900150'],
    [7, 'Unknown (7)❔7041664'],
  ])('has words, icon and colour for status %d', async (status, expected) => {
    const { heartbeat } = downMessage();
    const message = downMessage({ heartbeat: { ...heartbeat!, status } });

    await expect(renderTemplate('{{ status }}{{ status_icon }}{{ status_color }}', message)).resolves.toBe(expected);
  });

  it.each([
    '{{ name',
    '{% if %}',
    '{% bad %}',
    '{{ name | nofilter }}',
    '{% include "package.json" %}',
    '{% render "package.json" %}',
    '{% layout "package.json" %}',
    '{% include "../../../package.json" %}',
    '{% for i in (1..100000000) %}x{% endfor %}',
    '{% for i in (1..9999) %}{% for j in (1..9999) %}{% for k in (1..9999) %}x{% endfor %}{% endfor %}{% endfor %}',
    'x'.repeat(100_001),
  ])('refuses %.60s', async (template) => {
    await expect(renderTemplate(template, downMessage())).rejects.toThrow(/^Liquid error: /);
  });
});
