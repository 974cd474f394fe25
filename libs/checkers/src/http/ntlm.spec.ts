import { ntlmChallenge } from '../../../../test/support/targets/ntlm';
import { ntlmResponder } from './ntlm';

const credentials = { user: 'probe', password: 's3cret', domain: 'corp' };
const challenge = ntlmChallenge({ timestamp: false }).toString('base64');

describe('ntlmResponder', () => {
  it('introduces itself first, in the scheme that is offered', () => {
    const [scheme, token] = ntlmResponder(credentials)('Negotiate, Basic realm="a, b"')!.split(' ');
    const message = Buffer.from(token!, 'base64');

    expect(scheme).toBe('Negotiate');
    expect(message.subarray(0, 12).toString('latin1')).toBe('NTLMSSP\0\x01\0\0\0');
    expect(message.subarray(32).toString('latin1')).toBe('CORP');
  });

  it.each(['Basic realm="NTLM"', 'Bearer', ''])('does not answer %j', (offer) => {
    expect(ntlmResponder(credentials)(offer)).toBeNull();
  });

  it.each(['NTLM', 'NTLM bm9uc2Vuc2U=', `NTLM ${Buffer.from('NTLMSSP\0\x03').toString('base64')}`])(
    'does not answer %j in place of a challenge',
    (answer) => {
      const respond = ntlmResponder(credentials);
      respond('NTLM');

      expect(respond(answer)).toBeNull();
    },
  );

  it('proves itself once, and never shows the password', () => {
    const respond = ntlmResponder(credentials);
    respond('NTLM');
    const proof = Buffer.from(respond(`NTLM ${challenge}`)!.split(' ')[1]!, 'base64');

    expect(proof.includes(Buffer.from('s3cret', 'utf16le'))).toBe(false);
    expect(proof.includes('s3cret')).toBe(false);
    expect(respond(`NTLM ${challenge}`)).toBeNull();
  });
});
