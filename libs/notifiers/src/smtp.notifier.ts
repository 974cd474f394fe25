import { createHash } from 'node:crypto';
import { z } from 'zod';
import { DeliveryError } from './delivery-error';
import { integer } from './fields';
import { defineNotifier } from './notifier';
import { submit } from './smtp-submission';
import { singleLine } from './text';

const config = z.object({
  smtp_host: z.string(),
  smtp_port: integer({ min: 1, max: 65535 }),
  smtp_secure: z.boolean().default(false),
  username: z.string(),
  password: z.string(),
  from: z.string(),
  to: z.string(),
  cc: z.string().optional(),
  bcc: z.string().optional(),
  custom_subject: z.string().optional(),
  custom_body: z.string().optional(),
});

/** Submission over implicit TLS (RFC 8314 3.3). */
const SUBMISSIONS_PORT = 465;

/** A mail in plain text. */
export const smtpNotifier = defineNotifier({
  type: 'smtp',
  config,
  secrets: ['password'],
  async send(config, message, { connect, render, warn, signal }) {
    const subject = await render(config.custom_subject, 'Peekaping Notification');
    const body = await render(config.custom_body, message.text);
    const implicitTls = config.smtp_port === SUBMISSIONS_PORT;
    const mail = await compose({ ...config, subject, body, idempotencyKey: message.idempotencyKey });

    const { rejected } = await submit(mail, {
      socket: await connect({ host: config.smtp_host, port: config.smtp_port }),
      host: config.smtp_host,
      tls: implicitTls ? 'implicit' : config.smtp_secure ? 'required' : 'opportunistic',
      user: config.username,
      pass: config.password,
      signal,
    });
    if (rejected.length > 0) warn(`the mail server refused these recipients: ${rejected.join(', ')}`);
  },
});

interface Letter {
  from: string;
  to: string;
  cc?: string;
  bcc?: string;
  subject: string;
  body: string;
  idempotencyKey: string;
}

async function compose({ from, to, cc, bcc, subject, body, idempotencyKey }: Letter) {
  const { default: MailComposer } = await import('nodemailer/lib/mail-composer');
  const { default: parseAddresses } = await import('nodemailer/lib/addressparser');
  const addresses = (list = '') => parseAddresses(singleLine(list), { flatten: true });

  const [sender] = addresses(from);
  if (!sender?.address) throw new DeliveryError('from holds no mail address');
  const node = new MailComposer({
    from: sender,
    to: addresses(to),
    cc: addresses(cc).filter(isMeant),
    bcc: addresses(bcc).filter(isMeant),
    subject: singleLine(subject),
    text: `${body.replace(/\r\n|\r|\n/g, '\r\n').replace(/(\r\n)+$/, '')}\r\n`,
    messageId: messageId(idempotencyKey, sender.address),
    headers: { 'Auto-Submitted': 'auto-generated' }, // RFC 3834: keeps holiday notes from answering
    disableFileAccess: true,
    disableUrlAccess: true,
  }).compile();
  const envelope = node.getEnvelope();
  return { from: envelope.from, to: envelope.to, message: await node.build() };
}

/** The web client fills cc and bcc with `cc@example.com` and `bcc@example.com`, so stored configs are full of them. */
function isMeant({ address = '' }: { address?: string }): boolean {
  return !/@(?:.+\.)?example\.(?:com|org|net)$/i.test(address);
}

/** The same for every attempt, so that mail servers can tell a second copy. */
function messageId(idempotencyKey: string, senderAddress: string): string {
  const unique = createHash('sha256').update(idempotencyKey).digest('hex').slice(0, 32);
  return `<${unique}@${senderAddress.split('@').pop()}>`;
}
