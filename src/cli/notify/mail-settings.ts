import { type Mailbox, mailboxesOf } from '../../alerts/payloads/index.ts';
import { UserError } from '../../model/index.ts';
import type { Session } from '../session.ts';

export type MailServer = {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte on; otherwise as soon as the server offers it. */
  readonly tls: boolean;
  readonly login: { readonly user: string; readonly password: string } | undefined;
  /** User and password may be sent without TLS. */
  readonly plaintext: boolean;
};

/** Port of servers that speak TLS from the start, and of those that offer it: RFC 8314, sections 3.3 and 3.1. */
const PORTS = { 'smtps:': 465, 'smtp:': 587 } as const;

/** The server that takes mail. Throws a `UserError` that says nothing of what the variables hold. */
export function mailServerOf(env: Session['env']): MailServer {
  const text = (env['AGENTOBS_SMTP_URL'] ?? '').trim();
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isAddress = url !== undefined && url.hostname !== '' && url.pathname.replace('/', '') === '';
  if (!isAddress || !isScheme(url.protocol) || url.search !== '' || url.hash !== '') {
    throw new UserError('AGENTOBS_SMTP_URL: not an address of a mail server', {
      hint: 'It looks like smtp://HOST:587 or smtps://HOST; AGENTOBS_SMTP_USER and AGENTOBS_SMTP_PASSWORD hold the rest.',
    });
  }
  return {
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: url.port === '' ? PORTS[url.protocol] : Number(url.port),
    tls: url.protocol === 'smtps:',
    login: loginOf(url, env),
    plaintext: env['AGENTOBS_SMTP_ALLOW_PLAINTEXT'] === '1',
  };
}

/** Who sends, and whom it goes to. */
export function correspondentsOf(env: Session['env']): { from: Mailbox; to: readonly Mailbox[] } {
  const from = mailboxes(env, 'AGENTOBS_EMAIL_FROM', 'agentobs@localhost');
  if (from.length > 1) throw new UserError('AGENTOBS_EMAIL_FROM: one address sends');
  return { from: from[0]!, to: mailboxes(env, 'AGENTOBS_EMAIL_TO', 'root@localhost') };
}

function mailboxes(env: Session['env'], variable: string, otherwise: string): readonly Mailbox[] {
  const found = mailboxesOf(env[variable]?.trim() || otherwise);
  if (found !== undefined) return found;
  throw new UserError(`${variable}: not an address for mail`, {
    hint: 'It looks like ops@example.org or Operations <ops@example.org>; commas separate several.',
  });
}

const isScheme = (text: string): text is keyof typeof PORTS => Object.hasOwn(PORTS, text);

function loginOf(url: URL, env: Session['env']): MailServer['login'] {
  const user = env['AGENTOBS_SMTP_USER'] || decoded(url.username);
  const password = env['AGENTOBS_SMTP_PASSWORD'] || decoded(url.password);
  if (user === '' && password === '') return undefined;
  if (user !== '' && password !== '') return { user, password };
  throw new UserError(`AGENTOBS_SMTP_${user === '' ? 'USER' : 'PASSWORD'} is not set`, {
    hint: 'A mail server asks for user and password, or for neither.',
  });
}

/** A part of an address as it was meant; as it stands where its percent signs are none of an encoding. */
export function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
