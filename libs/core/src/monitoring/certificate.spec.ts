import { NOON } from '../../../../test/support/clock';
import { sampleCertificate } from '../../../../test/support/samples';
import { DAY } from '../clock';
import { EXPIRED, dueNotice, noticeText } from './certificate';

describe('dueNotice', () => {
  const defaults = [7, 14, 21];

  it.each<[string, number, number[], number[], number | null]>([
    ['nothing with plenty of days left', 22, defaults, [], null],
    ['the first threshold when it is reached', 21, defaults, [], 21],
    ['nothing more while that one applies', 15, defaults, [21], null],
    ['the next threshold', 14, defaults, [21], 14],
    ['the last threshold', 7, defaults, [21, 14], 7],
    ['one notice for a certificate first seen late: the smallest that applies', 6, defaults, [], 7],
    ['nothing larger after a smaller one', 6, defaults, [7], null],
    ['the last day', 0, defaults, [21, 14], 7],
    ['thresholds in any order', 10, [21, 7, 14], [], 14],
    ['nothing when nobody wants to hear of it', 1, [], [], null],
    ['a threshold of no days', 0, [0], [], 0],
  ])('gives %s', (_, days, thresholds, announced, expected) => {
    expect(dueNotice(days, NOON + days * DAY + 1, NOON, thresholds, announced)).toBe(expected);
  });

  it.each<[string, number, number[], number[], number | null]>([
    ['announces the end at its very moment', 0, [7], [7], EXPIRED],
    ['announces it whatever the thresholds', -30, [7], [], EXPIRED],
    ['announces it once', -1, [7], [7, EXPIRED], null],
    ['stays silent when nobody wants to hear of it', -1, [], [], null],
  ])('%s', (_, days, thresholds, announced, expected) => {
    expect(dueNotice(days, NOON + days * DAY, NOON, thresholds, announced)).toBe(expected);
  });

  it('announces nothing again for a certificate that had expired', () => {
    expect(dueNotice(5, NOON + 5 * DAY, NOON, [7], [EXPIRED])).toBeNull();
  });
});

describe('noticeText', () => {
  it('is the text that clients know', () => {
    expect(noticeText('Checkout API', sampleCertificate(), 14)).toBe(
      [
        '🚨 Certificate Expiry Warning',
        '',
        'Monitor: Checkout API',
        'Certificate: shop.example.org (server)',
        'Expires in: 12 days',
        'Valid until: 2026-12-06 12:00:00',
        'Notification threshold: 14 days',
        'Valid for: shop.example.org (+2 more)',
        "Issuer: CN=R11,O=Let's Encrypt,C=US",
      ].join('\n'),
    );
  });

  it.each([
    ['one name', { validFor: ['a.example'] }, 'Valid for: a.example'],
    ['two names', { validFor: ['a.example', 'b.example'] }, 'Valid for: a.example (+1 more)'],
    ['one day', { daysRemaining: 1 }, 'Expires in: 1 days'],
    ['the last day', { daysRemaining: 0 }, 'Expires in: 0 days'],
    ['a self-signed certificate', { certType: 'self-signed' }, 'Certificate: shop.example.org (self-signed)'],
    ['a common name at the end', { subject: 'C=NL,CN=b.example' }, 'Certificate: b.example (server)'],
    ['the first of two common names', { subject: 'CN=b.example,CN=c.example' }, 'Certificate: b.example (server)'],
    ['a subject without a common name', { subject: 'O=Shop Ltd,C=NL' }, 'Certificate: O=Shop Ltd,C=NL (server)'],
  ])('words %s', (_, values, line) => {
    expect(noticeText('Checkout API', sampleCertificate(values), 14).split('\n')).toContain(line);
  });

  it.each([[undefined], [[]]])('leaves the names out when there are none', (validFor) => {
    const lines = noticeText('Checkout API', sampleCertificate({ validFor }), 14).split('\n');

    expect(lines.filter((line) => line.startsWith('Valid for'))).toEqual([]);
    expect(lines).toHaveLength(8);
  });

  it('tells of a certificate that has expired', () => {
    const certificate = sampleCertificate({ validTo: '2026-11-23T12:00:00Z', daysRemaining: -1, validFor: [] });

    expect(noticeText('Checkout API', certificate, EXPIRED)).toBe(
      [
        '🚨 Certificate Expired',
        '',
        'Monitor: Checkout API',
        'Certificate: shop.example.org (server)',
        'Expired',
        'Valid until: 2026-11-23 12:00:00',
        "Issuer: CN=R11,O=Let's Encrypt,C=US",
      ].join('\n'),
    );
  });
});
