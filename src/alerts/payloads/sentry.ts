import { clip, type FiringAlert, type Level, sortedTexts, titleOf } from './firing.ts';

/** Limits of Sentry: https://develop.sentry.dev/sdk/data-model/event-payloads/ */
const MOST_OF_MESSAGE = 8192;
const MOST_OF_TAG_KEY = 32;
const MOST_OF_TAG = 200;
const MOST_TAGS = 50;

const LEVELS: Readonly<Record<Level, string>> = {
  critical: 'fatal',
  error: 'error',
  warning: 'warning',
  info: 'info',
};

/** Where a DSN leads, and what proves that one may send there. */
export type SentryTarget = { readonly url: string; readonly key: string };

/** What is in a DSN (`https://key@host/project`); undefined where it is none. */
export function sentryTarget(dsn: string): SentryTarget | undefined {
  const match = /^(https?):\/\/([^:@/\s]+)(?::[^@/\s]*)?@([^@/\s]+)((?:\/[^/\s]+)*)\/(\d+)\/?$/.exec(
    dsn.trim(),
  );
  if (match === null) return undefined;
  const [, scheme, key, host, path, project] = match;
  return { url: `${scheme}://${host}${path}/api/${project}/envelope/`, key: key! };
}

/**
 * One event in an envelope. Its id follows from the alert and when it began: sent twice it is one event.
 * https://develop.sentry.dev/sdk/data-model/envelopes/
 */
export function sentryPayload(alert: FiringAlert): string {
  const began = Math.max(0, alert.startsAt).toString(16).padStart(16, '0').slice(-16);
  const id = alert.fingerprint + began;
  const event = JSON.stringify({
    event_id: id,
    timestamp: alert.startsAt / 1000,
    platform: 'other',
    level: LEVELS[alert.level],
    logger: 'agentobs',
    message: { formatted: clip(`${alert.name}: ${titleOf(alert)}`, MOST_OF_MESSAGE) },
    fingerprint: [alert.fingerprint],
    tags: tagsOf(alert),
    extra: {
      annotations: sortedTexts(alert.annotations),
      value: alert.value !== undefined && Number.isFinite(alert.value) ? alert.value : null,
      expr: alert.expr,
      rule: `${alert.file}:${alert.line}`,
      group: alert.group,
      traces: alert.traces,
      more_traces: alert.moreTraces,
    },
  });
  const length = new TextEncoder().encode(event).length;
  return `${JSON.stringify({ event_id: id })}\n${JSON.stringify({ type: 'event', length })}\n${event}\n`;
}

/** Labels in what Sentry takes for tags. */
function tagsOf({ labels }: FiringAlert): Record<string, string> {
  return Object.fromEntries(
    Object.entries(sortedTexts(labels))
      .slice(0, MOST_TAGS)
      .map(([name, value]) => [
        name.replace(/[^A-Za-z0-9_.:-]/g, '_').slice(0, MOST_OF_TAG_KEY),
        clip(value.replace(/\s+/g, ' '), MOST_OF_TAG),
      ]),
  );
}
