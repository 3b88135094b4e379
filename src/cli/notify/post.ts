import { type Failure, NO_ANSWER, NO_HOST, NOBODY, PATIENCE, saidBy, type WebMessage } from './messages.ts';

/** The longest that a receiver may make us wait. */
const LONGEST_PAUSE = 10_000;

/** Sends a message once; undefined where it was taken. */
export async function post(
  { url, headers, body }: WebMessage,
  interrupted: AbortSignal,
): Promise<Failure | undefined> {
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
  return saidBy(new TextDecoder().decode(value?.subarray(0, 4096)));
}

function unreached(error: Error): string {
  if (error.name === 'TimeoutError') return NO_ANSWER;
  const cause = error.cause as NodeJS.ErrnoException | undefined;
  if (cause?.code === 'ECONNREFUSED') return NOBODY;
  if (cause?.code === 'ENOTFOUND') return NO_HOST;
  return cause?.message ?? error.message;
}
