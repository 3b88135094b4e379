import type { AttributeValue, EventView, SpanView } from '../model/index.ts';
import { formatClock } from './format.ts';
import { safeText } from './text.ts';

/** What is told below a span: its events, its logs, its attributes. One text a line; every text may stand on a screen. */
export function detailLines(span: SpanView, zone: string): string[] {
  return [
    ...span.events.map((event) => `· ${formatClock(event.time.at, zone)} ${eventText(event)}`),
    ...span.logs.map((log) => {
      const severity = log.severity === null ? '' : `${safeText(log.severity)} `;
      return `▪ ${formatClock(log.time.at, zone)} ${severity}${safeText(log.body)}`;
    }),
    ...Object.entries(span.attributes ?? {}).flatMap(([key, value]) => attributeLines(key, value)),
  ];
}

/** OpenTelemetry's `exception` events say what went wrong in attributes; the stack is for `--format json`. */
function eventText({ name, attributes }: EventView): string {
  const entries = Object.entries(attributes);
  if (name === 'exception') {
    const said = ['exception.type', 'exception.message']
      .map((key) => entries.find(([known]) => known === key)?.[1])
      .filter((value) => value !== undefined)
      .map((value) => safeText(valueText(value)));
    return said.length === 0 ? 'exception' : `exception ${said.join(': ')}`;
  }
  const parts = entries.map(([key, value]) => `${safeText(key)}=${safeText(valueText(value))}`);
  return [safeText(name), ...parts].join('  ');
}

/** `key: value`; a text of several lines, as prompts are, stands below its key. */
function attributeLines(key: string, value: AttributeValue): string[] {
  const lines = typeof value === 'string' ? value.split(/\r\n|\r|\n/) : [valueText(value)];
  if (lines.length === 1) return [`${safeText(key)}: ${safeText(lines[0]!)}`];
  return [`${safeText(key)}:`, ...lines.map((line) => `  ${safeText(line)}`)];
}

/** Text as it is, everything else as JSON; integers of any size keep their digits. */
function valueText(value: AttributeValue): string {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null) return String(value);
  return JSON.stringify(value, (_key, inner: unknown) => (typeof inner === 'bigint' ? String(inner) : inner));
}
