import { clip, type FiringAlert, isoTime, sortedTexts, titleOf } from './firing.ts';

/** Limits of PagerDuty: https://developer.pagerduty.com/docs/send-alert-event */
const MOST_OF_SUMMARY = 1024;
/** Ours: an event may have 512 KB. */
const MOST_OF_DETAIL = 1024;
const MOST_LABELS = 64;

/** One event of the Events API v2 for an alert. The same alert opens no second incident: its fingerprint is the key. */
export function pagerdutyPayload(alert: FiringAlert, routingKey: string): string {
  const component = ['agent_id', 'tool_name', 'workflow_id', 'model']
    .map((name) => alert.labels.get(name))
    .find((value) => value !== undefined && value !== '');
  return JSON.stringify({
    routing_key: routingKey,
    event_action: 'trigger',
    dedup_key: alert.fingerprint,
    client: 'agentobs',
    payload: {
      summary: clip(`${alert.name}: ${titleOf(alert)}`, MOST_OF_SUMMARY),
      source: 'agentobs',
      severity: alert.level,
      timestamp: isoTime(alert.startsAt),
      ...(component !== undefined && { component: clip(component, MOST_OF_DETAIL) }),
      group: clip(alert.group, MOST_OF_DETAIL),
      class: clip(alert.name, MOST_OF_DETAIL),
      custom_details: {
        labels: short(sortedTexts(alert.labels)),
        annotations: short(sortedTexts(alert.annotations)),
        value: alert.value !== undefined && Number.isFinite(alert.value) ? alert.value : null,
        expr: clip(alert.expr, MOST_OF_DETAIL),
        rule: clip(`${alert.file}:${alert.line}`, MOST_OF_DETAIL),
        traces: alert.traces,
        more_traces: alert.moreTraces,
      },
    },
  });
}

function short(texts: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(texts)
      .slice(0, MOST_LABELS)
      .map(([name, value]) => [clip(name, MOST_OF_DETAIL), clip(value, MOST_OF_DETAIL)]),
  );
}
