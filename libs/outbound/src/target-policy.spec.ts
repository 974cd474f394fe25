import { parseTargetPolicy } from './target-policy';

const METADATA = [
  '169.254.169.254',
  '169.254.170.2',
  'fe80::a9fe:a9fe',
  'fd00:ec2::254',
  'fd20:ce::254',
  '100.100.100.200',
  '168.63.129.16',
  '192.0.0.192',
];

/** 169.254.169.254 in every form that IPv6 has for it. */
const DISGUISED = [
  '::ffff:169.254.169.254',
  '::ffff:a9fe:a9fe',
  '0:0:0:0:0:ffff:a9fe:a9fe',
  '::169.254.169.254',
  '::ffff:0:169.254.169.254',
  '64:ff9b::169.254.169.254',
  '64:ff9b::a9fe:a9fe',
  '64:ff9b:1::a9fe:a9fe',
  '2002:a9fe:a9fe::1',
  '2001:0:a9fe:a9fe::1',
  '2001:0:1:2:3:4:5601:5601',
];

describe('an empty target policy', () => {
  const policy = parseTargetPolicy('');

  it.each([...METADATA, ...DISGUISED, '169.254.1.1', 'fe80::1', 'fe80::1%eth0', '::ffff:169.254.1.1'])(
    'refuses %s',
    (address) => expect(policy.allows(address)).toBe(false),
  );

  it.each(['192.168.1.1', '10.0.0.1', '127.0.0.1', '::1', 'fd12::1', '93.184.216.34', '2606:4700::1111', '0.0.0.0'])(
    'allows %s',
    (address) => expect(policy.allows(address)).toBe(true),
  );

  it.each(['example.com', '', '1.2.3.4.5', 'fe80', '169.254.169.254 '])('refuses %j, which is no address', (text) => {
    expect(policy.allows(text)).toBe(false);
  });
});

describe('parseTargetPolicy', () => {
  it.each([
    ['deny:private', '10.1.2.3', false],
    ['deny:private', '100.64.0.1', false],
    ['deny:private', 'fd12::1', false],
    ['deny:private', '64:ff9b::10.1.2.3', false],
    ['deny:private', '127.0.0.1', true],
    ['deny:private', '8.8.8.8', true],
    ['deny:loopback', '127.8.8.8', false],
    ['deny:loopback', '::1', false],
    ['deny:loopback', '::ffff:127.0.0.1', false],
    ['deny:loopback', '0.0.0.0', false],
    ['deny:loopback', '::', false],
    ['allow:public,deny:all', '8.8.8.8', true],
    ['allow:public,deny:all', '64:ff9b::8.8.8.8', true],
    ['allow:public,deny:all', '10.0.0.1', false],
    ['allow:public,deny:all', '168.63.129.16', false],
    ['allow:public,deny:all', '224.0.0.1', false],
    ['allow:10.1.0.0/16,deny:all', '10.1.9.9', true],
    ['allow:10.1.0.0/16,deny:all', '::ffff:10.1.9.9', true],
    ['allow:10.1.0.0/16,deny:all', '10.2.0.1', false],
    ['deny:10.0.0.0/8,allow:10.0.0.5', '10.0.0.5', false],
    ['allow:10.0.0.5,deny:10.0.0.0/8', '10.0.0.5', true],
    ['allow:private', '100.100.100.200', false],
    ['allow:private', 'fd00:ec2::254', false],
    ['allow:link-local', '169.254.7.7', true],
    ['allow:link-local', '169.254.169.254', false],
    ['allow:metadata', '169.254.169.254', true],
    ['allow:169.254.169.254', '169.254.169.254', true],
    ['allow:all', '169.254.169.254', true],
    ['ALLOW:Loopback , deny:ALL', '127.0.0.1', true],
    ['deny:2001:db8::/32', '2001:db8::1', false],
    [' , deny:8.8.8.8,', '8.8.8.8', false],
  ])('reads %j: %s is allowed: %s', (text, address, allowed) => {
    expect(parseTargetPolicy(text).allows(address)).toBe(allowed);
  });

  it.each(['deny', 'deny:', 'refuse:private', 'deny:lan', 'deny:10.0.0.0/33', 'deny:300.1.1.1', 'deny:constructor'])(
    'names the variable and the rule when it cannot read %j',
    (rule) => {
      expect(() => parseTargetPolicy(`allow:public,${rule}`)).toThrow(`TARGET_POLICY: cannot read "${rule}"`);
    },
  );
});
