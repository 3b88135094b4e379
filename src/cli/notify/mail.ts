import SMTPConnection, { type SMTPError } from 'nodemailer/lib/smtp-connection';
import { type Failure, type MailMessage, NO_ANSWER, NO_HOST, NOBODY, PATIENCE, saidBy } from './messages.ts';

/** Milliseconds until a connection that we ended is over. */
const FAREWELL = 1000;
const HOW_WITHOUT = ' (AGENTOBS_SMTP_ALLOW_PLAINTEXT=1 sends them without)';

/** Hands a message to a mail server once; undefined where it was taken for everybody. */
export async function mail(
  message: MailMessage,
  interrupted: AbortSignal,
  patience = PATIENCE,
): Promise<Failure | undefined> {
  const { host, port, tls, login, plaintext } = message.server;
  const isHere = isLoopback(host);
  const requireTLS = login !== undefined && !plaintext && !isHere;
  const connection = new SMTPConnection({
    host,
    port,
    secure: tls,
    requireTLS,
    // Nobody stands between us and this machine, and its certificate is seldom one for `localhost`.
    ...(isHere && { tls: { rejectUnauthorized: false } }),
    socketCloseTimeout: FAREWELL,
  });
  const broken = new Promise<never>((_, reject) => {
    connection.on('error', reject);
    connection.on('end', () => reject(new Error('closed the connection')));
    // All of it has so long, whatever dribbles in.
    const signal = AbortSignal.any([interrupted, AbortSignal.timeout(patience)]);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  try {
    const refused = await Promise.race([conversation(connection, message), broken]);
    connection.quit();
    return refused;
  } catch (error) {
    return failureOf(error as SMTPError, requireTLS);
  } finally {
    connection.close();
  }
}

async function conversation(
  connection: SMTPConnection,
  { server: { login }, from, to, text }: MailMessage,
): Promise<Failure | undefined> {
  await new Promise<void>((resolve, reject) => {
    connection.connect((error) => (error ? reject(error) : resolve()));
  });
  if (login !== undefined) {
    const credentials = { user: login.user, pass: login.password };
    await new Promise<void>((resolve, reject) => {
      connection.login({ credentials }, (error) => (error ? reject(error) : resolve()));
    });
  }
  const envelope = { from, to: [...to], size: Buffer.byteLength(text) };
  return new Promise((resolve, reject) => {
    connection.send(envelope, text, (error, sent) => (error ? reject(error) : resolve(refusalOf(sent))));
  });
}

/** A server may take a message for some and not for others: these are not asked for again, who has it has it once. */
function refusalOf({ rejected, rejectedErrors = [] }: SMTPConnection.SentMessageInfo): Failure | undefined {
  if (rejected.length === 0) return undefined;
  const said = saidBy(rejectedErrors[0]?.response ?? '');
  return { message: `took it, but not for ${rejected.join(', ')}: answered ${said}`, again: false };
}

function failureOf(error: SMTPError, requireTLS: boolean): Failure {
  const { code, originalCode, command, response, responseCode, permanent } = error as SMTPError & {
    readonly originalCode?: string;
  };
  if (requireTLS && command === 'STARTTLS' && response !== undefined) {
    return { message: `offers no TLS, and user and password need it${HOW_WITHOUT}`, again: false };
  }
  if (responseCode !== undefined && responseCode >= 400) {
    return { message: `answered ${saidBy(response ?? '')}`, again: permanent !== true };
  }
  if (error.name === 'TimeoutError' || code === 'ETIMEDOUT') return { message: NO_ANSWER, again: true };
  if (originalCode === 'ECONNREFUSED') return { message: NOBODY, again: true };
  if (originalCode === 'ENOTFOUND') return { message: NO_HOST, again: true };
  return { message: saidBy(error.message), again: code === 'ESOCKET' || code === 'ECONNECTION' };
}

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host);
