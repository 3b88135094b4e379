import {
  alertmanagerPayload,
  emailPayload,
  type FiringAlert,
  pagerdutyPayload,
  sentryPayload,
  sentryTarget,
  slackPayload,
  webhookPayload,
} from '../../alerts/payloads/index.ts';
import { UserError } from '../../model/index.ts';
import type { Session } from '../session.ts';
import { correspondentsOf, decoded, mailServerOf } from './mail-settings.ts';
import type { MailMessage, Message, WebMessage } from './messages.ts';

export type Receiver = {
  /** The variables that it must know, which hold secrets, with what they are. */
  readonly needs: Readonly<Record<string, string>>;
  /** What would be sent: no secret is in it. */
  readonly preview: (alerts: readonly FiringAlert[], env: Session['env'], now: number) => readonly string[];
  readonly messages: (alerts: readonly FiringAlert[], env: Session['env'], now: number) => readonly Message[];
};

/** An alert is an event of its own there; more would be a flood. */
export const MOST_EVENTS = 100;
const JSON_TYPE = { 'content-type': 'application/json' };
const PAGERDUTY = 'https://events.pagerduty.com/v2/enqueue';

/** Whom alerts are handed to, by their `--to` name. */
export const RECEIVERS = {
  slack: {
    needs: { AGENTOBS_SLACK_WEBHOOK: 'the address of an incoming webhook' },
    preview: (alerts) => [slackPayload(alerts)],
    messages: (alerts, env) => [post(env, 'AGENTOBS_SLACK_WEBHOOK', slackPayload(alerts))],
  },
  pagerduty: {
    needs: { AGENTOBS_PAGERDUTY_KEY: 'the integration key of a service (Events API v2)' },
    preview: (alerts) => events(alerts).map((alert) => pagerdutyPayload(alert, '[AGENTOBS_PAGERDUTY_KEY]')),
    messages: (alerts, env) => {
      const key = env['AGENTOBS_PAGERDUTY_KEY']!.trim();
      const url = addressOf('AGENTOBS_PAGERDUTY_URL', env['AGENTOBS_PAGERDUTY_URL'] ?? PAGERDUTY);
      return events(alerts).map((alert) => ({
        url,
        headers: JSON_TYPE,
        body: pagerdutyPayload(alert, key),
        secrets: [key],
      }));
    },
  },
  alertmanager: {
    needs: { AGENTOBS_ALERTMANAGER_WEBHOOK: 'the address of what takes webhooks of Alertmanager' },
    preview: (alerts) => [alertmanagerPayload(alerts)],
    messages: (alerts, env) => [post(env, 'AGENTOBS_ALERTMANAGER_WEBHOOK', alertmanagerPayload(alerts))],
  },
  webhook: {
    needs: { AGENTOBS_WEBHOOK_URL: 'the address of the receiver' },
    preview: (alerts) => [webhookPayload(alerts)],
    messages: (alerts, env) => [post(env, 'AGENTOBS_WEBHOOK_URL', webhookPayload(alerts))],
  },
  sentry: {
    needs: { AGENTOBS_SENTRY_DSN: 'the DSN of a project' },
    preview: (alerts) => events(alerts).map((alert) => sentryPayload(alert)),
    messages: (alerts, env) => {
      const target = sentryTarget(env['AGENTOBS_SENTRY_DSN']!);
      if (target === undefined) {
        throw new UserError('AGENTOBS_SENTRY_DSN: not a DSN', {
          hint: 'It looks like https://KEY@HOST/PROJECT.',
        });
      }
      const auth = `Sentry sentry_version=7, sentry_client=agentobs/1, sentry_key=${target.key}`;
      return events(alerts).map((alert) => ({
        url: addressOf('AGENTOBS_SENTRY_DSN', target.url),
        headers: { 'content-type': 'application/x-sentry-envelope', 'x-sentry-auth': auth },
        body: sentryPayload(alert),
        secrets: [target.key],
      }));
    },
  },
  email: {
    needs: {
      AGENTOBS_SMTP_URL: 'the address of a mail server: smtp://HOST:587 or smtps://HOST',
      AGENTOBS_EMAIL_FROM: 'the address that sends',
      AGENTOBS_EMAIL_TO: 'whom it goes to',
    },
    preview: (alerts, env, now) => [emailPayload(alerts, { ...correspondentsOf(env), now })],
    messages: (alerts, env, now) => [letter(alerts, env, now)],
  },
} as const satisfies Record<string, Receiver>;

export type ReceiverName = keyof typeof RECEIVERS;
export const RECEIVER_NAMES = Object.keys(RECEIVERS) as ReceiverName[];

/** Throws a `UserError` if alerts could not be handed over for want of something on this side. */
export function checkReceiver(name: ReceiverName, env: Session['env']): void {
  const receiver: Receiver = RECEIVERS[name];
  for (const [variable, what] of Object.entries(receiver.needs)) {
    if ((env[variable] ?? '').trim() !== '') continue;
    throw new UserError(`--to ${name}: ${variable} is not set`, { hint: `It holds ${what}.` });
  }
  // What is no address is said before anything is read.
  receiver.messages([], env, 0);
}

const events = (alerts: readonly FiringAlert[]): readonly FiringAlert[] => alerts.slice(0, MOST_EVENTS);

/** A message to the address in a variable; user and password in it become a header. */
function post(env: Session['env'], variable: string, body: string): WebMessage {
  const url = addressOf(variable, env[variable] ?? '');
  const headers: Record<string, string> = { ...JSON_TYPE };
  const secrets = [url.pathname + url.search, ...url.pathname.split('/'), ...url.searchParams.values()];
  if (url.username !== '' || url.password !== '') {
    const [user, password] = [decoded(url.username), decoded(url.password)];
    headers['authorization'] = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
    secrets.push(password, url.password);
    url.username = '';
    url.password = '';
  }
  return { url, headers, body, secrets };
}

function letter(alerts: readonly FiringAlert[], env: Session['env'], now: number): MailMessage {
  const server = mailServerOf(env);
  const { from, to } = correspondentsOf(env);
  const { user = '', password = '' } = server.login ?? {};
  return {
    server,
    from: from.address,
    to: to.map(({ address }) => address),
    text: emailPayload(alerts, { from, to, now }),
    // As they are written in AUTH PLAIN and AUTH LOGIN too, should a server repeat what it was told.
    secrets: [password, `\0${user}\0${password}`].flatMap((secret) => [
      secret,
      Buffer.from(secret).toString('base64'),
    ]),
  };
}

/** Says nothing of what the variable holds. */
function addressOf(variable: string, text: string): URL {
  const url = URL.canParse(text.trim()) ? new URL(text.trim()) : undefined;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url;
  throw new UserError(`${variable}: not an address of the web`, { hint: 'It begins with https://.' });
}
