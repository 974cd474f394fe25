import type { Answer, CaaAnswer, MxAnswer, SoaAnswer, SrvAnswer, StringAnswer, TxtAnswer } from 'dns-packet';

export const RECORD_TYPES = ['A', 'AAAA', 'CAA', 'CNAME', 'MX', 'NS', 'PTR', 'SOA', 'SRV', 'TXT'] as const;
export type RecordType = (typeof RECORD_TYPES)[number];

/** The words for what a resolver answered; null when no record of the type is among it. `name` was asked for. */
export function describeAnswers(type: RecordType, name: string, answers: readonly Answer[]): string | null {
  switch (type) {
    case 'A':
    case 'AAAA':
      return list(`${type} records: `, texts(answers, type));
    case 'NS':
    case 'PTR':
      return list(`${type} records: `, texts(answers, type).map(rooted));
    case 'CNAME':
      return describeCanonicalName(name, answers);
    case 'TXT':
      return list('TXT records: ', dataOf<TxtAnswer>(answers, type).map(joined), '; ');
    case 'CAA':
      return list('CAA records: ', dataOf<CaaAnswer>(answers, type).map(authority), '; ');
    case 'MX':
      return list('MX records: ', byPriority(dataOf<MxAnswer>(answers, type), mxPriority).map(mailHost));
    case 'SRV': {
      const services = byPriority(dataOf<SrvAnswer>(answers, type), ({ priority = 0 }) => priority);
      return list(`SRV records (cname: ${canonicalName(name, answers)}): `, services.map(service));
    }
    case 'SOA':
      return list('SOA: ', dataOf<SoaAnswer>(answers, type).slice(0, 1).map(zone));
  }
}

function list(heading: string, records: readonly string[], separator = ', '): string | null {
  return records.length > 0 ? heading + records.join(separator) : null;
}

function dataOf<T extends { data: unknown }>(answers: readonly Answer[], type: RecordType): T['data'][] {
  return answers.filter((answer) => answer.type === type).map((answer) => (answer as unknown as T).data);
}

function texts(answers: readonly Answer[], type: RecordType): string[] {
  return dataOf<StringAnswer>(answers, type);
}

/** The strings of one record belong together (RFC 7208 3.3). */
function joined(data: TxtAnswer['data']): string {
  return (Array.isArray(data) ? data : [data]).map(String).join('');
}

function authority({ flags = 0, tag, value }: CaaAnswer['data']): string {
  return `${flags} ${tag} "${value}"`;
}

function mxPriority({ preference = 0 }: MxAnswer['data']): number {
  return preference;
}

function mailHost(data: MxAnswer['data']): string {
  return `${rooted(data.exchange)} (priority: ${mxPriority(data)})`;
}

function service({ target, port, priority = 0, weight = 0 }: SrvAnswer['data']): string {
  return `${rooted(target)}:${port} (priority: ${priority}, weight: ${weight})`;
}

function zone({ mname, rname, serial, refresh, retry, expire, minimum }: SoaAnswer['data']): string {
  const names = `Primary NS: ${rooted(mname)}, Admin: ${rooted(rname)}, Serial: ${serial}`;
  return `${names}, Refresh: ${refresh}, Retry: ${retry}, Expire: ${expire}, Min TTL: ${minimum}`;
}

function byPriority<T>(records: readonly T[], priority: (record: T) => number): T[] {
  return [...records].sort((a, b) => priority(a) - priority(b));
}

/** A host without an alias is its own canonical name, if it exists at all. */
function describeCanonicalName(name: string, answers: readonly Answer[]): string | null {
  const known = answers.some(({ type }) => type === 'CNAME' || type === 'A' || type === 'AAAA');
  return known ? `CNAME: ${canonicalName(name, answers)}` : null;
}

/** Follows the aliases in an answer, each at most once. */
function canonicalName(name: string, answers: readonly Answer[]): string {
  const aliases = new Map<string, string>();
  for (const answer of answers) {
    if (answer.type === 'CNAME') aliases.set(rooted(answer.name).toLowerCase(), rooted(answer.data));
  }
  let canonical = rooted(name);
  for (let left = aliases.size; left > 0; left--) canonical = aliases.get(canonical.toLowerCase()) ?? canonical;
  return canonical;
}

/** `example.com.` */
function rooted(name: string): string {
  return name.endsWith('.') ? name : `${name}.`;
}
