import { type FiringAlert, isoTime, sortedTexts } from './firing.ts';

/** Everything that is known of the alerts, for receivers of one's own. */
export function webhookPayload(alerts: readonly FiringAlert[]): string {
  return JSON.stringify({
    schema_version: 1,
    source: 'agentobs',
    alerts: alerts.map((alert) => ({
      name: alert.name,
      group: alert.group,
      state: 'firing',
      severity: alert.labels.get('severity') ?? null,
      level: alert.level,
      labels: sortedTexts(alert.labels),
      annotations: sortedTexts(alert.annotations),
      value: alert.value !== undefined && Number.isFinite(alert.value) ? alert.value : null,
      fired_at: isoTime(alert.startsAt),
      expr: alert.expr,
      file: alert.file,
      line: alert.line,
      traces: alert.traces,
      more_traces: alert.moreTraces,
      fingerprint: alert.fingerprint,
    })),
  });
}
