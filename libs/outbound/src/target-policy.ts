import type { IPv6 } from 'ipaddr.js';
import { LRUCache } from 'lru-cache';
import { IPv4, isValid, parse, parseCIDR } from 'ipaddr.js';
import type { TargetPolicy } from './types';

/** Addresses whose verdict is kept: the same ones come back every interval. */
const REMEMBERED = 2_000;

type Address = IPv4 | IPv6;
type Range = [Address, number];

interface Rule {
  allow: boolean;
  matches: (address: Address) => boolean;
}

const PRIVATE = ranges('10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', 'fc00::/7', 'fec0::/10');
/** Connecting to the unspecified address reaches this host. */
const LOOPBACK = ranges('127.0.0.0/8', '0.0.0.0/8', '::1/128', '::/128');
const LINK_LOCAL = ranges('169.254.0.0/16', 'fe80::/10');
/** Where cloud instances get their credentials: nearly all; AWS; GCP; Alibaba; Azure's wire server; Oracle; Scaleway. */
const METADATA = ranges(
  ...['169.254.169.254/32', 'fe80::a9fe:a9fe/128'],
  ...['169.254.170.2/32', '169.254.170.23/32', 'fd00:ec2::/64'],
  ...['fd20:ce::254/128', '100.100.100.200/32', '168.63.129.16/32'],
  ...['192.0.0.192/32', 'fd00:c1::a9fe:a9fe/128', '169.254.42.42/32', 'fd00:42::42/128'],
);

/** RFC 6052 2.1 and RFC 8215; RFC 3056; RFC 4380; RFC 4291 2.5.5.1 and RFC 2765 2.1. */
const NAT64 = ranges('64:ff9b::/96', '64:ff9b:1::/48');
const SIX_TO_FOUR = ranges('2002::/16');
const TEREDO = ranges('2001::/32');
const COMPATIBLE = ranges('::/96', '::ffff:0:0:0/96');

/** IPv6 ranges that lead to IPv4 hosts; {@link faces} judges those separately. */
const PUBLIC_RANGES = new Set(['unicast', 'rfc6052', 'rfc6145', '6to4', 'teredo']);

/** Only `metadata` and `all` contain metadata services, so that no broad keyword opens them by accident. */
const KEYWORDS: Record<string, (address: Address) => boolean> = {
  all: () => true,
  metadata: (address) => within(address, METADATA),
  private: (address) => within(address, PRIVATE) && !within(address, METADATA),
  loopback: (address) => within(address, LOOPBACK),
  'link-local': (address) => within(address, LINK_LOCAL) && !within(address, METADATA),
  public: (address) => PUBLIC_RANGES.has(address.range()) && !within(address, PRIVATE) && !within(address, METADATA),
};

const DEFAULT_RULES: readonly Rule[] = [
  { allow: false, matches: KEYWORDS['metadata']! },
  { allow: false, matches: KEYWORDS['link-local']! },
  { allow: true, matches: KEYWORDS['all']! },
];

/**
 * Reads `TARGET_POLICY`: rules separated by commas, `allow:<what>` or `deny:<what>`, where `<what>` is an address, a
 * CIDR range or one of `public`, `private`, `loopback`, `link-local`, `metadata`, `all`. The first rule that matches
 * decides. What no rule matches: `metadata` and `link-local` are refused, everything else is allowed.
 *
 * `deny:private,deny:loopback` leaves the internet; `allow:10.1.0.0/16,deny:all` leaves one network.
 * @throws Error naming TARGET_POLICY and the rule that cannot be read.
 */
export function parseTargetPolicy(text: string): TargetPolicy {
  const parts = text.split(',').map((part) => part.trim());
  const rules = [...parts.filter((part) => part !== '').map(parseRule), ...DEFAULT_RULES];
  const allowsFace = (face: Address) => rules.find((rule) => rule.matches(face))?.allow === true;
  const judge = (address: string) => {
    const literal = withoutZone(address);
    return isValid(literal) && faces(parse(literal)).every(allowsFace);
  };
  const verdicts = new LRUCache<string, boolean>({ max: REMEMBERED });
  return {
    allows(address) {
      let verdict = verdicts.get(address);
      if (verdict === undefined) verdicts.set(address, (verdict = judge(address)));
      return verdict;
    },
  };
}

function parseRule(text: string): Rule {
  const [, action, what] = /^(allow|deny):(.+)$/i.exec(text) ?? [];
  const matches = what && matcher(what.trim().toLowerCase());
  if (!action || !matches) {
    throw new Error(
      `TARGET_POLICY: cannot read "${text}"; a rule is allow:<what> or deny:<what>, where <what> is an address, ` +
        `a CIDR range or one of ${Object.keys(KEYWORDS).join(', ')}`,
    );
  }
  return { allow: action.toLowerCase() === 'allow', matches };
}

function matcher(what: string): Rule['matches'] | undefined {
  if (Object.hasOwn(KEYWORDS, what)) return KEYWORDS[what];
  try {
    const [address, bits] = what.includes('/') ? parseCIDR(what) : hostRange(what);
    const range: Range[] = [[address, bits]];
    return (candidate) => within(candidate, range);
  } catch {
    return undefined;
  }
}

function hostRange(text: string): Range {
  const address = parse(text);
  return [address, address.kind() === 'ipv4' ? 32 : 128];
}

/**
 * Every address that a packet to this one may end up at; all of them have to be allowed. An IPv4-mapped address is
 * the IPv4 address; a translated or tunnelled one is judged both as it stands and as the IPv4 address inside.
 */
function faces(address: Address): Address[] {
  if (address instanceof IPv4) return [address];
  const bytes = address.toByteArray();
  const inner = (from: number) => new IPv4(bytes.slice(from, from + 4));
  if (address.isIPv4MappedAddress()) return [address.toIPv4Address()];
  if (within(address, NAT64)) return [address, inner(12)];
  if (within(address, SIX_TO_FOUR)) return [address, inner(2)];
  if (within(address, TEREDO)) return [address, inner(4), new IPv4(bytes.slice(12).map((byte) => byte ^ 0xff))];
  if (within(address, COMPATIBLE) && !within(address, LOOPBACK)) return [address, inner(12)];
  return [address];
}

function within(address: Address, candidates: readonly Range[]): boolean {
  return candidates.some(([network, bits]) => network.kind() === address.kind() && address.match(network, bits));
}

function ranges(...texts: string[]): Range[] {
  return texts.map((text) => parseCIDR(text));
}

/** `fe80::1%eth0` without the interface. */
function withoutZone(address: string): string {
  const percent = address.indexOf('%');
  return percent < 0 ? address : address.slice(0, percent);
}
