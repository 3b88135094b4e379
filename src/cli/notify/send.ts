import type { Message } from './receivers.ts';

const ATTEMPTS = 3;
/** Milliseconds before the first retry; twice as long before the next. */
const PAUSE = 500;
/** The longest that a receiver may make us wait. */
const LONGEST_PAUSE = 10_000;
/** Milliseconds until nobody is taken to answer. */
const PATIENCE = 15_000;
const MOST_SAID = 200;
/** Shorter pieces of an address are words such as `services`. */
const SHORTEST_SECRET = 6;

type Failure = { readonly message: string; readonly again: boolean; readonly pause?: number };

/** Hands a message over, three times if need be. Returns why it could not be, without a secret; undefined where it was. */
export async function send(message: Message, interrupted: AbortSignal): Promise<string | undefined> {
  for (let attempt = 1; ; attempt++) {
    const failure = await post(message, interrupted);
    if (failure === undefined) return undefined;
    if (!failure.again || attempt === ATTEMPTS || interrupted.aborted) {
      const tries = attempt === 1 ? '' : ` (tried ${attempt} times)`;
      return redacted(`${message.url.host}: ${failure.message}${tries}`, message.secrets);
    }
    await pause(failure.pause ?? PAUSE * 2 ** (attempt - 1), interrupted);
  }
}

async function post({ url, headers, body }: Message, interrupted: AbortSignal): Promise<Failure | undefined> {
  let response: Response;
  let said = '';
  try {
    const signal = AbortSignal.any([interrupted, AbortSignal.timeout(PATIENCE)]);
    // What is secret stays with whom it was meant for.
    response = await fetch(url, { method: 'POST', headers, body, redirect: 'manual', signal });
    said = await beginningOf(response);
  } catch (error) {
    return { message: unreached(error as Error), again: true };
  }
  if (response.ok) return undefined;
  const again = response.status >= 500 || response.status === 429;
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  return {
    message: `answered ${response.status}${said === '' ? '' : `: ${said}`}`,
    again,
    ...(seconds > 0 && { pause: Math.min(seconds * 1000, LONGEST_PAUSE) }),
  };
}

/** The first line of an answer, however long it is. */
async function beginningOf({ body }: Response): Promise<string> {
  if (body === null) return '';
  const reader = body.getReader();
  const { value } = await reader.read();
  await reader.cancel();
  const text = new TextDecoder().decode(value?.subarray(0, 4 * MOST_SAID));
  return text
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim()
    .slice(0, MOST_SAID);
}

function unreached(error: Error): string {
  if (error.name === 'TimeoutError') return `no answer in ${PATIENCE / 1000} seconds`;
  const cause = error.cause as NodeJS.ErrnoException | undefined;
  if (cause?.code === 'ECONNREFUSED') return 'nobody listens there';
  if (cause?.code === 'ENOTFOUND') return 'there is no such host';
  return cause?.message ?? error.message;
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
