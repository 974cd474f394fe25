import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Authority, selfSigned } from '../../../test/support/targets';
import { readCertificate } from './certificate';

const NOW = Date.parse('2026-11-24T12:00:00Z');

const der = (pem: string) => new X509Certificate(pem).raw;

describe('readCertificate', () => {
  it('reads what clients are shown', async () => {
    const authority = await Authority.create();
    const { cert } = await authority.issue({
      commonName: 'shop.example',
      names: ['shop.example', '192.0.2.10', '2001:db8::1', 'www.shop.example'],
      notBefore: new Date('2026-01-01T00:00:00Z'),
      notAfter: new Date('2027-01-20T11:59:59Z'),
    });
    const known = new X509Certificate(cert);

    expect(readCertificate(known.raw, NOW)).toEqual({
      subject: 'CN=shop.example,O=Shop Ltd,C=NL',
      issuer: 'CN=Test Root,O=Test Trust,C=NL',
      fingerprint: known.fingerprint,
      fingerprint256: known.fingerprint256,
      serialNumber: BigInt(`0x${known.serialNumber}`).toString(),
      validFrom: '2026-01-01T00:00:00Z',
      validTo: '2027-01-20T11:59:59Z',
      daysRemaining: 56,
      certType: 'server',
      validFor: ['shop.example', 'www.shop.example', '192.0.2.10', '2001:db8::1'],
      signatureAlgorithm: 'SHA256-RSA',
      publicKeyAlgorithm: 'RSA',
      keySize: 2048,
      version: 3,
    });
  });

  it('leaves out what is not there, and calls a certificate that issued itself self-signed', async () => {
    const { cert } = await selfSigned({ names: [], keyType: 'ec', algorithm: 'sha384' });

    const info = readCertificate(der(cert), NOW);

    expect(info).toMatchObject({ certType: 'self-signed', publicKeyAlgorithm: 'ECDSA' });
    expect(info).not.toHaveProperty('validFor');
    expect(info).not.toHaveProperty('keySize');
  });

  it.each([
    ['2026-11-24T12:00:01Z', 0],
    ['2026-11-25T11:59:59Z', 0],
    ['2026-11-25T12:00:00Z', 1],
    ['2026-11-24T11:59:59Z', 0],
    ['2026-11-23T11:59:59Z', -1],
  ])('counts whole days to %s: %i', async (end, days) => {
    const notBefore = new Date('2026-01-01T00:00:00Z');
    const { cert } = await selfSigned({ keyType: 'ec', notBefore, notAfter: new Date(end) });

    expect(readCertificate(der(cert), NOW).daysRemaining).toBe(days);
  });

  it.each(['', '30', '3003020101', '308401000000', 'ff'])('throws for the octets %j', (hex) => {
    expect(() => readCertificate(Buffer.from(hex, 'hex'), NOW)).toThrow();
  });
});

const describeWithOpenssl = hasOpenssl() ? describe : describe.skip;

/** Algorithms and names that only OpenSSL can make. */
describeWithOpenssl('readCertificate of a certificate made by OpenSSL', () => {
  const folder = mkdtempSync(join(tmpdir(), 'certificates-'));
  const at = (name: string) => join(folder, name);
  afterAll(() => rmSync(folder, { recursive: true }));

  const make = (key: string[], ...more: string[]) => {
    openssl('genpkey', ...key, '-out', at('key.pem'));
    openssl('req', '-x509', '-new', '-key', at('key.pem'), '-out', at('cert.pem'), '-days', '9', ...more);
    return der(readFileSync(at('cert.pem'), 'utf8'));
  };
  const rsa = ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048'];
  const pss = (hash: string) => [`-${hash}`, '-sigopt', 'rsa_padding_mode:pss', '-sigopt', 'rsa_pss_saltlen:-1'];
  const ec = (curve: string) => ['-algorithm', 'EC', '-pkeyopt', `ec_paramgen_curve:${curve}`];

  it.each<[string, string[], string[], string, number | undefined]>([
    ['SHA384-RSA', rsa, ['-sha384'], 'RSA', 2048],
    ['SHA512-RSA', ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:3072'], ['-sha512'], 'RSA', 3072],
    ['SHA256-RSAPSS', rsa, pss('sha256'), 'RSA', 2048],
    ['SHA384-RSAPSS', rsa, pss('sha384'), 'RSA', 2048],
    ['SHA512-RSAPSS', rsa, pss('sha512'), 'RSA', 2048],
    ['ECDSA-SHA256', ec('P-256'), ['-sha256'], 'ECDSA', undefined],
    ['ECDSA-SHA384', ec('P-384'), ['-sha384'], 'ECDSA', undefined],
    ['ECDSA-SHA512', ec('P-521'), ['-sha512'], 'ECDSA', undefined],
    ['Ed25519', ['-algorithm', 'ED25519'], [], 'Ed25519', undefined],
    ['0', ['-algorithm', 'ED448'], [], '0', undefined],
  ])('names %s', (signatureAlgorithm, key, options, publicKeyAlgorithm, keySize) => {
    const info = readCertificate(make(key, '-subj', '/CN=a', ...options), Date.now());

    expect(info).toMatchObject({ signatureAlgorithm, publicKeyAlgorithm, daysRemaining: 8 });
    expect(info.keySize).toBe(keySize);
  });

  it('writes names as RFC 2253 does', () => {
    const subject = '/C=NL/O=Shop, "the\\+best" <Ltd>/OU=One+UID=u7/CN= #Zoë /emailAddress=a@b.test/serialNumber=42';

    const info = readCertificate(make(ec('P-256'), '-utf8', '-multivalue-rdn', '-subj', subject), NOW);

    expect(info.subject).toBe(
      'SERIALNUMBER=42,1.2.840.113549.1.9.1=#16086140622e74657374,' +
        'CN=\\ #Zoë\\ ,OU=One+0.9.2342.19200300.100.1.1=#0c027537,O=Shop\\, \\"the\\+best\\" \\<Ltd\\>,C=NL',
    );
  });

  it('reads big serial numbers, generalized times and version 1', () => {
    make(ec('P-256'), '-subj', '/CN=a');
    openssl('req', '-new', '-key', at('key.pem'), '-subj', '/CN=a', '-out', at('a.csr'));
    writeFileSync(at('empty'), '');
    const serial = '0x7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF';
    const request = ['-req', '-in', at('a.csr'), '-signkey', at('key.pem'), '-set_serial', serial, '-days', '20000'];
    openssl('x509', ...request, '-extfile', at('empty'), '-out', at('v1.pem'));

    const info = readCertificate(der(readFileSync(at('v1.pem'), 'utf8')), NOW);

    expect(info).toMatchObject({ serialNumber: String(2n ** 127n - 1n), version: 1 });
    expect(info.validTo).toMatch(/^208\d-/);
  });
});

function openssl(...parameters: string[]): void {
  execFileSync('openssl', parameters, { stdio: 'pipe' });
}

function hasOpenssl(): boolean {
  try {
    openssl('version');
    return true;
  } catch {
    console.warn('there is no openssl on this machine: its certificates are not tested');
    return false;
  }
}
