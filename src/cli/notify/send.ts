import type { Failure, Message } from './messages.ts';
import { post } from './post.ts';

const ATTEMPTS = 3;
/** Milliseconds before the first retry; twice as long before the next. */
const PAUSE = 500;
/** Shorter pieces of an address are words such as `services`. */
const SHORTEST_SECRET = 6;

/** Hands a message over, three times if need be. Returns why it could not be, without a secret; undefined where it was. */
export async function send(message: Message, interrupted: AbortSignal): Promise<string | undefined> {
  for (let attempt = 1; ; attempt++) {
    const failure = await handOver(message, interrupted);
    if (failure === undefined) return undefined;
    if (!failure.again || attempt === ATTEMPTS || interrupted.aborted) {
      const tries = attempt === 1 ? '' : ` (tried ${attempt} times)`;
      return redacted(`${hostOf(message)}: ${failure.message}${tries}`, message.secrets);
    }
    await pause(failure.pause ?? PAUSE * 2 ** (attempt - 1), interrupted);
  }
}

async function handOver(message: Message, interrupted: AbortSignal): Promise<Failure | undefined> {
  if ('url' in message) return post(message, interrupted);
  const { mail } = await import('./mail.ts');
  return mail(message, interrupted);
}

function hostOf(message: Message): string {
  if ('url' in message) return message.url.host;
  const { host, port } = message.server;
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

function redacted(text: string, secrets: readonly string[]): string {
  return secrets
    .filter((secret) => secret.length >= SHORTEST_SECRET)
    .sort((a, b) => b.length - a.length)
    .reduce((shown, secret) => shown.replaceAll(secret, '[redacted]'), text);
}

function pause(length: number, interrupted: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, length);
    interrupted.addEventListener('abort', done, { once: true });
    function done(): void {
      clearTimeout(timer);
      interrupted.removeEventListener('abort', done);
      resolve();
    }
  });
}
