import { UserError } from '../model/index.ts';
import type { Session } from './session.ts';

const ATTEMPTS = 3;
/** Milliseconds before the first retry; twice as long before the next. */
const PAUSE = 500;
/** Milliseconds until nobody is taken to answer. */
const PATIENCE = 15_000;
const GROUPING = ['job', 'instance'];

/** Where to push to, with the group that the push stands for. */
export type PushTarget = {
  readonly url: URL;
  /** Without a password. */
  readonly shown: string;
  readonly headers: Readonly<Record<string, string>>;
};

/**
 * The address of the group on a Pushgateway: `job` is that of the labels, else `agentobs`, and `instance` that of the labels.
 * An address that has `/metrics/job/…` is taken as it is. Throws a `UserError` for what is no address.
 */
export function pushTarget(text: string, labels: readonly (readonly [string, string])[]): PushTarget {
  const hint = 'Write it like http://127.0.0.1:9091 or https://gateway.example/metrics/job/nightly.';
  let url: URL;
  try {
    url = new URL(text);
  } catch (cause) {
    throw new UserError(`--push '${text}': not an address`, { cause, hint });
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw new UserError(`--push '${text}': not an address of the web`, { hint });
  const headers: Record<string, string> = { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' };
  if (url.username !== '' || url.password !== '') {
    const secret = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
    headers['authorization'] = `Basic ${Buffer.from(secret).toString('base64')}`;
    url.username = '';
    url.password = '';
  }
  if (!/\/metrics\/job(@base64)?\//.test(url.pathname)) {
    const group = new Map([['job', 'agentobs'], ...labels.filter(([name]) => GROUPING.includes(name))]);
    const path = [...group].map(([name, value]) => pathOf(name, value)).join('');
    url.pathname = `${url.pathname.replace(/\/+$/, '')}/metrics${path}`;
  }
  return { url, shown: url.href, headers };
}

/** A label in the path; a value with a slash, or without a character, has to be base64 there. */
function pathOf(name: string, value: string): string {
  if (value === '') return `/${name}@base64/=`;
  if (!value.includes('/')) return `/${name}/${encodeURIComponent(value)}`;
  return `/${name}@base64/${Buffer.from(value).toString('base64url')}`;
}

/** Puts the text in place of what the group had, and says so on stderr. Tries again where that may help. */
export async function pushMetrics(
  { url, shown, headers }: PushTarget,
  text: Iterable<string>,
  session: Session,
): Promise<void> {
  const body = [...text].join('');
  for (let attempt = 1; ; attempt++) {
    const outcome = await put(url, headers, body, session.interrupted);
    if (outcome === undefined) {
      session.stderr.write(`pushed to ${shown}\n`);
      return;
    }
    if (!outcome.again || attempt === ATTEMPTS || session.interrupted.aborted) {
      const tries = attempt === 1 ? '' : ` (tried ${attempt} times)`;
      throw new UserError(`--push ${shown}: ${outcome.message}${tries}`, { hint: outcome.hint });
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE * 2 ** (attempt - 1)));
  }
}

type Failure = { readonly message: string; readonly hint: string; readonly again: boolean };

async function put(
  url: URL,
  headers: PushTarget['headers'],
  body: string,
  interrupted: AbortSignal,
): Promise<Failure | undefined> {
  let response: Response;
  try {
    response = await fetch(url, {
      method: 'PUT',
      headers,
      body,
      signal: AbortSignal.any([interrupted, AbortSignal.timeout(PATIENCE)]),
    });
  } catch (error) {
    return { ...unreached(error as Error, url), again: true };
  }
  const said = (await response.text()).trim().split('\n')[0]!.slice(0, 300);
  if (response.ok) return undefined;
  return {
    message: `the gateway answered ${response.status}${said === '' ? '' : `: ${said}`}`,
    hint: hintOf(response.status),
    again: response.status >= 500 || response.status === 429,
  };
}

function unreached(error: Error, url: URL): Omit<Failure, 'again'> {
  if (error.name === 'TimeoutError')
    return { message: `no answer in ${PATIENCE / 1000} seconds`, hint: 'Is it the right address?' };
  const cause = error.cause as NodeJS.ErrnoException | undefined;
  if (cause?.code === 'ECONNREFUSED')
    return { message: 'nobody listens there', hint: `Is a Pushgateway running at ${url.host}?` };
  if (cause?.code === 'ENOTFOUND')
    return { message: `there is no host ${url.hostname}`, hint: 'Check the name of the host.' };
  return { message: cause?.message ?? error.message, hint: 'Check the address and the network.' };
}

function hintOf(status: number): string {
  if (status === 400)
    return 'It refuses what another push of the same metrics contradicts, or times in them.';
  if (status === 401 || status === 403)
    return 'Write user and password into the address: https://user:password@…';
  if (status === 404) return 'The address of the gateway itself is enough: /metrics/job/… is put behind it.';
  if (status === 405) return 'Is it a Pushgateway? Its address ends in /metrics/job/NAME.';
  return 'Try again later, or look into the log of the gateway.';
}
