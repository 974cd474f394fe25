import { generate } from 'selfsigned';

export interface Identity {
  /** PEM */
  cert: string;
  key: string;
}

export interface CertificateWishes {
  commonName?: string;
  /** DNS names and IP addresses; none = a certificate without the extension. */
  names?: readonly string[];
  notBefore?: Date;
  notAfter?: Date;
  keyType?: 'rsa' | 'ec';
  algorithm?: 'sha1' | 'sha256' | 'sha384' | 'sha512';
}

/** A certificate authority that nobody knows, made for one test file. */
export class Authority {
  private constructor(readonly identity: Identity) {}

  static async create(): Promise<Authority> {
    const { cert, private: key } = await generate(subject('Test Root', 'Test Trust'), {
      algorithm: 'sha256',
      extensions: [
        { name: 'basicConstraints', cA: true, critical: true },
        { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
      ],
    });
    return new Authority({ cert, key });
  }

  issue(wishes: CertificateWishes = {}): Promise<Identity> {
    return issue(wishes, this.identity);
  }
}

/** A certificate that is its own authority. */
export function selfSigned(wishes: CertificateWishes = {}): Promise<Identity> {
  return issue(wishes);
}

async function issue(wishes: CertificateWishes, ca?: Identity): Promise<Identity> {
  const { commonName = 'localhost', names = ['localhost', '127.0.0.1'], algorithm = 'sha256' } = wishes;
  const altNames = names.map((name) =>
    /^[\d.]+$|:/.test(name) ? { type: 7 as const, ip: name } : { type: 2 as const, value: name },
  );
  const { cert, private: key } = await generate(subject(commonName, 'Shop Ltd'), {
    algorithm,
    keyType: wishes.keyType ?? 'rsa',
    ...(wishes.notBefore && { notBeforeDate: wishes.notBefore }),
    ...(wishes.notAfter && { notAfterDate: wishes.notAfter }),
    ...(ca && { ca }),
    extensions: [
      { name: 'basicConstraints', cA: false },
      ...(altNames.length > 0 ? [{ name: 'subjectAltName' as const, altNames }] : []),
    ],
  });
  return { cert, key };
}

function subject(commonName: string, organization: string) {
  return [
    { name: 'countryName', value: 'NL' },
    { name: 'organizationName', value: organization },
    { name: 'commonName', value: commonName },
  ];
}
