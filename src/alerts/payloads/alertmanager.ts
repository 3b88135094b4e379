import { type FiringAlert, isoTime, sortedTexts, tracesText } from './firing.ts';

/** The time that stands for "not over", as Go writes its zero. */
const NOT_OVER = '0001-01-01T00:00:00Z';
const TRACES = 10;

/**
 * What Alertmanager sends to webhooks, version 4, all alerts as one group.
 * https://prometheus.io/docs/alerting/latest/configuration/#webhook_config
 */
export function alertmanagerPayload(alerts: readonly FiringAlert[]): string {
  const annotated = alerts.map((alert) => ({ alert, annotations: annotationsOf(alert) }));
  return JSON.stringify({
    version: '4',
    groupKey: '{}:{}',
    truncatedAlerts: 0,
    status: 'firing',
    receiver: 'agentobs',
    groupLabels: {},
    commonLabels: common(alerts.map(({ labels }) => sortedTexts(labels))),
    commonAnnotations: common(annotated.map(({ annotations }) => annotations)),
    externalURL: '',
    alerts: annotated.map(({ alert, annotations }) => ({
      status: 'firing',
      labels: sortedTexts(alert.labels),
      annotations,
      startsAt: isoTime(alert.startsAt),
      endsAt: NOT_OVER,
      generatorURL: '',
      fingerprint: alert.fingerprint,
    })),
  });
}

/** Those of the rule, and the traces behind the alert unless the rule says `traces` itself. */
function annotationsOf(alert: FiringAlert): Record<string, string> {
  const traces = tracesText(alert, TRACES);
  return sortedTexts(
    new Map([...(traces === '' ? [] : [['traces', traces] as const]), ...alert.annotations]),
  );
}

/** What all of them have alike. */
function common(texts: readonly Readonly<Record<string, string>>[]): Record<string, string> {
  const [first = {}, ...others] = texts;
  return Object.fromEntries(
    Object.entries(first).filter(([key, value]) =>
      others.every((one) => Object.hasOwn(one, key) && one[key] === value),
    ),
  );
}
