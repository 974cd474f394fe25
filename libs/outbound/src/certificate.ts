import { createHash } from 'node:crypto';
import { DAY } from '@app/core';
import type { CertificateInfo } from '@app/core';
import { fromByteArray } from 'ipaddr.js';
import { childrenOf, integerOf, oidText, readDer, stringOf, TAG, timeOf } from './der';
import type { DerNode } from './der';

/**
 * What clients are shown of a certificate, read from its DER. (Node's own X509Certificate knows neither the signature
 * algorithm nor the structure of names.)
 * @throws Error when the octets are no certificate.
 */
export function readCertificate(der: Buffer, now: number): CertificateInfo {
  const [tbs, signature] = childrenOf(readDer(der)) as [DerNode, DerNode];
  const fields = childrenOf(tbs);
  // [0] EXPLICIT version stands only in certificates that are not version 1 (RFC 5280 4.1).
  const version = fields[0]!.tag === 0xa0 ? Number(integerOf(readDer(fields.shift()!.content))) + 1 : 1;
  const [serial, , issuerName, validity, subjectName, publicKey, ...rest] = fields as [
    ...[DerNode, DerNode, DerNode, DerNode, DerNode, DerNode],
    ...DerNode[],
  ];
  const [validFrom, validTo] = childrenOf(validity).map(timeOf) as [number, number];
  const subject = distinguishedName(subjectName);
  const issuer = distinguishedName(issuerName);
  const names = alternativeNames(rest.find(({ tag }) => tag === 0xa3));
  const key = readPublicKey(publicKey);
  return {
    subject,
    issuer,
    fingerprint: fingerprint(der, 'sha1'),
    fingerprint256: fingerprint(der, 'sha256'),
    serialNumber: integerOf(serial).toString(),
    validFrom: rfc3339(validFrom),
    validTo: rfc3339(validTo),
    daysRemaining: Math.trunc((validTo - now) / DAY) || 0, // never -0
    certType: subject === issuer ? 'self-signed' : 'server',
    ...(names.length > 0 && { validFor: names }),
    signatureAlgorithm: signatureAlgorithm(signature),
    publicKeyAlgorithm: key.algorithm,
    ...(key.size !== undefined && { keySize: key.size }),
    version,
  };
}

function fingerprint(der: Buffer, algorithm: 'sha1' | 'sha256'): string {
  const hex = createHash(algorithm).update(der).digest('hex').toUpperCase();
  return hex.match(/../g)!.join(':');
}

function rfc3339(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19)}Z`;
}

/** RFC 4519 attribute types that have a name; all others are shown as `oid=#hex`. */
const ATTRIBUTES: Record<string, string> = {
  '2.5.4.3': 'CN',
  '2.5.4.5': 'SERIALNUMBER',
  '2.5.4.6': 'C',
  '2.5.4.7': 'L',
  '2.5.4.8': 'ST',
  '2.5.4.9': 'STREET',
  '2.5.4.10': 'O',
  '2.5.4.11': 'OU',
  '2.5.4.17': 'POSTALCODE',
};

/** A Name as text, last relative name first (RFC 2253 2.1). */
function distinguishedName(name: DerNode): string {
  return childrenOf(name)
    .reverse()
    .map((relative) => childrenOf(relative).map(attribute).join('+'))
    .join(',');
}

function attribute(node: DerNode): string {
  const [type, value] = childrenOf(node) as [DerNode, DerNode];
  const oid = oidText(type);
  const label = ATTRIBUTES[oid];
  return label ? `${label}=${escapeValue(stringOf(value))}` : `${oid}=#${value.encoded.toString('hex')}`;
}

/** RFC 2253 2.4 */
function escapeValue(text: string): string {
  return text.replace(/[,+"\\<>;]|^[ #]| $/g, '\\$&');
}

/** DNS names, then IP addresses (RFC 5280 4.2.1.6). */
function alternativeNames(extensions: DerNode | undefined): string[] {
  if (!extensions) return [];
  const parts = childrenOf(readDer(extensions.content)).map(childrenOf);
  const extension = parts.find(([type]) => type && oidText(type) === '2.5.29.17')?.at(-1);
  if (!extension) return [];
  const names = childrenOf(readDer(extension.content));
  const dns = names.filter(({ tag }) => tag === 0x82).map(({ content }) => content.toString('latin1'));
  const ip = names.filter(({ tag, content }) => tag === 0x87 && (content.length === 4 || content.length === 16));
  return [...dns, ...ip.map(({ content }) => fromByteArray([...content]).toString())];
}

const SIGNATURES: Record<string, string> = {
  '1.2.840.113549.1.1.4': 'MD5-RSA',
  '1.2.840.113549.1.1.5': 'SHA1-RSA',
  '1.2.840.113549.1.1.11': 'SHA256-RSA',
  '1.2.840.113549.1.1.12': 'SHA384-RSA',
  '1.2.840.113549.1.1.13': 'SHA512-RSA',
  '1.2.840.10040.4.3': 'DSA-SHA1',
  '2.16.840.1.101.3.4.3.2': 'DSA-SHA256',
  '1.2.840.10045.4.1': 'ECDSA-SHA1',
  '1.2.840.10045.4.3.2': 'ECDSA-SHA256',
  '1.2.840.10045.4.3.3': 'ECDSA-SHA384',
  '1.2.840.10045.4.3.4': 'ECDSA-SHA512',
  '1.3.101.112': 'Ed25519',
};
const RSA_PSS = '1.2.840.113549.1.1.10';
const PSS_HASHES: Record<string, string> = {
  '2.16.840.1.101.3.4.2.1': 'SHA256-RSAPSS',
  '2.16.840.1.101.3.4.2.2': 'SHA384-RSAPSS',
  '2.16.840.1.101.3.4.2.3': 'SHA512-RSAPSS',
};
const PUBLIC_KEYS: Record<string, string> = {
  '1.2.840.113549.1.1.1': 'RSA',
  '1.2.840.10040.4.1': 'DSA',
  '1.2.840.10045.2.1': 'ECDSA',
  '1.3.101.112': 'Ed25519',
};
/** Clients know unnamed algorithms as a number. */
const UNKNOWN = '0';

function signatureAlgorithm(identifier: DerNode): string {
  const [type, parameters] = childrenOf(identifier) as [DerNode, DerNode?];
  const oid = oidText(type);
  if (oid !== RSA_PSS) return SIGNATURES[oid] ?? UNKNOWN;
  // RSASSA-PSS-params: the hash is the element [0] (RFC 4055 3.1).
  const hash = parameters && childrenOf(parameters).find(({ tag }) => tag === 0xa0);
  const hashOid = hash && oidText(childrenOf(readDer(hash.content))[0]!);
  return PSS_HASHES[hashOid ?? ''] ?? UNKNOWN;
}

function readPublicKey(info: DerNode): { algorithm: string; size?: number } {
  const [identifier, bits] = childrenOf(info) as [DerNode, DerNode];
  const algorithm = PUBLIC_KEYS[oidText(childrenOf(identifier)[0]!)] ?? UNKNOWN;
  if (algorithm !== 'RSA' || bits.tag !== TAG.bitString) return { algorithm };
  // The BIT STRING starts with the number of unused bits; inside is SEQUENCE { modulus, exponent } (RFC 8017 A.1.1).
  const modulus = childrenOf(readDer(bits.content, 1))[0]!.content;
  return { algorithm, size: 8 * (modulus[0] === 0 ? modulus.length - 1 : modulus.length) };
}
