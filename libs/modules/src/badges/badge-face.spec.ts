import { badgeOptions, toColor, windowOf } from './badge-query';
import { oneDecimal, toBadge } from './badge-face';
import type { BadgeFact } from './badge-face';

const shown = (fact: BadgeFact, query: Record<string, string> = {}) => {
  const { label, value, color } = toBadge(fact, badgeOptions(query));
  return [label, value, color];
};

describe('toBadge', () => {
  it.each<[BadgeFact, string[]]>([
    [{ kind: 'status', status: 1 }, ['status', 'Up', '#4c1']],
    [{ kind: 'status', status: 0 }, ['status', 'Down', '#e05d44']],
    [{ kind: 'status', status: 2 }, ['status', 'Pending', '#fe7d37']],
    [{ kind: 'status', status: 3 }, ['status', 'Maintenance', '#7c69ef']],
    [{ kind: 'status', status: 7 }, ['status', 'Unknown', '#9f9f9f']],
    [{ kind: 'uptime', window: '24h', percent: 99.93 }, ['uptime (24h)', '99.9%', '#4c1']],
    [{ kind: 'uptime', window: '24h', percent: 99.951 }, ['uptime (24h)', '100.0%', '#4c1']],
    [{ kind: 'uptime', window: '30d', percent: 94.99 }, ['uptime (30d)', '95.0%', '#97CA00']],
    [{ kind: 'uptime', window: '24h', percent: 89.99 }, ['uptime (24h)', '90.0%', '#a4a61d']],
    [{ kind: 'uptime', window: '24h', percent: 80 }, ['uptime (24h)', '80.0%', '#dfb317']],
    [{ kind: 'uptime', window: '24h', percent: 70 }, ['uptime (24h)', '70.0%', '#fe7d37']],
    [{ kind: 'uptime', window: '90d', percent: 0 }, ['uptime (90d)', '0.0%', '#e05d44']],
    [{ kind: 'uptime', window: '24h', percent: null }, ['uptime (24h)', 'N/A', '#9f9f9f']],
    [{ kind: 'ping', window: '24h', ms: 45.5 }, ['ping (24h)', '46ms', '#007ec6']],
    [{ kind: 'ping', window: '24h', ms: 44.5 }, ['ping (24h)', '44ms', '#007ec6']],
    [{ kind: 'ping', window: '24h', ms: 0.4 }, ['ping (24h)', '0ms', '#007ec6']],
    [{ kind: 'ping', window: '24h', ms: null }, ['ping (24h)', 'N/A', '#9f9f9f']],
    [{ kind: 'response', ms: 128 }, ['response', '128ms', '#007ec6']],
    [{ kind: 'response', ms: null }, ['response', 'N/A', '#9f9f9f']],
    [{ kind: 'cert-exp', daysLeft: 83 }, ['cert exp', '83d', '#4c1']],
    [{ kind: 'cert-exp', daysLeft: 14 }, ['cert exp', '14d', '#fe7d37']],
    [{ kind: 'cert-exp', daysLeft: 7 }, ['cert exp', '7d', '#e05d44']],
    [{ kind: 'cert-exp', daysLeft: -1 }, ['cert exp', 'Expired', '#e05d44']],
    [{ kind: 'cert-exp', daysLeft: null }, ['cert exp', 'N/A', '#9f9f9f']],
  ])('says of %j %j', (fact, expected) => {
    expect(shown(fact)).toEqual(expected);
  });

  it.each<[BadgeFact, Record<string, string>, string[]]>([
    [
      { kind: 'status', status: 1 },
      { upLabel: 'On', upColor: '0f0', prefix: 'p', suffix: 's' },
      ['status', 'On', '#0f0'],
    ],
    [{ kind: 'status', status: 0 }, { downLabel: 'Off', downColor: 'orange' }, ['status', 'Off', 'orange']],
    [{ kind: 'status', status: 1 }, { color: '#007ec6' }, ['status', 'Up', '#4c1']],
    [{ kind: 'status', status: 1 }, { color: '#123456' }, ['status', 'Up', '#123456']],
    [{ kind: 'status', status: 1 }, { color: '"><script>', upColor: 'url(x)' }, ['status', 'Up', '#4c1']],
    [{ kind: 'status', status: 1 }, { label: 'API', labelPrefix: 'a-', labelSuffix: '-z' }, ['a-API-z', 'Up', '#4c1']],
    [{ kind: 'status', status: 1 }, { LABEL: 'x', label: '', upLabel: '' }, ['status', 'Up', '#4c1']],
    [
      { kind: 'uptime', window: '24h', percent: 50 },
      { prefix: '~', suffix: ' pc' },
      ['uptime (24h)', '~50.0 pc', '#e05d44'],
    ],
    [{ kind: 'cert-exp', daysLeft: 20 }, { prefix: 'in ', suffix: ' left' }, ['cert exp', 'in 20d left', '#4c1']],
    [{ kind: 'cert-exp', daysLeft: 20 }, { warnDays: '30' }, ['cert exp', '20d', '#fe7d37']],
    [{ kind: 'cert-exp', daysLeft: 20 }, { warnDays: '10', downDays: '25' }, ['cert exp', '20d', '#e05d44']],
    [{ kind: 'cert-exp', daysLeft: 20 }, { warnDays: '0', downDays: '-1' }, ['cert exp', '20d', '#4c1']],
    [{ kind: 'cert-exp', daysLeft: 0 }, { downDays: '0' }, ['cert exp', '0d', '#e05d44']],
  ])('says of %j with %j %j', (fact, query, expected) => {
    expect(shown(fact, query)).toEqual(expected);
  });

  it('cuts what is too long', () => {
    const [label, value] = shown({ kind: 'status', status: 1 }, { label: '😀'.repeat(500), upLabel: 'x'.repeat(5000) });

    expect(Array.from(label!)).toHaveLength(128);
    expect(value).toHaveLength(128);
  });
});

describe('toColor', () => {
  it.each([
    ['4c1', '#4c1'],
    ['#4C1F', '#4C1F'],
    ['abcdef', '#abcdef'],
    ['#12345678', '#12345678'],
    ['rebeccapurple', 'rebeccapurple'],
    ['bad', '#bad'],
  ])('takes %j as %j', (text, color) => expect(toColor(text)).toBe(color));

  it.each(['', '#', '#12', '#12345', '#1234567', 'red;', 'rgb(1,2,3)', 'url(#s)', '"', 'a b', '＃fff', 'x'.repeat(33)])(
    'takes %j for none',
    (text) => expect(toColor(text)).toBeNull(),
  );
});

describe('windowOf', () => {
  it.each([
    [undefined, '24h'],
    ['1', '24h'],
    ['24', '24h'],
    ['25', '30d'],
    ['+25', '30d'],
    ['0025', '30d'],
    ['720', '30d'],
    ['721', '90d'],
    ['99999', '90d'],
    ['0', '24h'],
    ['-5', '24h'],
    ['x', '24h'],
    ['1.5', '24h'],
    ['9999999999999999999', '24h'],
  ])('takes %j hours for %s', (duration, window) => expect(windowOf(duration)).toBe(window));
});

describe('oneDecimal', () => {
  it.each([
    [0.25, '0.2'],
    [0.75, '0.8'],
    [66.25, '66.2'],
    [66.75, '66.8'],
    [33.35, '33.4'],
    [100, '100.0'],
  ])('rounds %d to %s', (value, text) => expect(oneDecimal(value)).toBe(text));
});
