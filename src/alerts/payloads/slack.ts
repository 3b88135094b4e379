import { clip, type FiringAlert, isoTime, type Level, titleOf, tracesText } from './firing.ts';

/** Limits of Slack: https://api.slack.com/reference/block-kit/blocks */
const MOST_BLOCKS = 50;
const MOST_OF_HEADER = 150;
const MOST_OF_TEXT = 3000;
const TRACES = 3;

const MARKS: Readonly<Record<Level, string>> = {
  critical: ':red_circle:',
  error: ':red_circle:',
  warning: ':large_orange_circle:',
  info: ':large_blue_circle:',
};

/** A message for an incoming webhook: a block for each alert, the worst first, as many as fit. */
export function slackPayload(alerts: readonly FiringAlert[]): string {
  const title = alerts.length === 1 ? `${alerts[0]!.name} is firing` : `${alerts.length} alerts are firing`;
  // The header, and a last line that says what does not fit.
  const room = alerts.length > MOST_BLOCKS - 1 ? MOST_BLOCKS - 2 : alerts.length;
  const left = alerts.length - room;
  return JSON.stringify({
    // What notifications show, and programs that know no blocks.
    text: clip(escaped(`${title}: ${alerts.slice(0, 3).map(titleOf).join('; ')}`), MOST_OF_TEXT),
    blocks: [
      { type: 'header', text: { type: 'plain_text', text: clip(title, MOST_OF_HEADER) } },
      ...alerts.slice(0, room).map((alert) => ({
        type: 'section',
        text: { type: 'mrkdwn', text: sectionOf(alert) },
      })),
      ...(left === 0
        ? []
        : [{ type: 'context', elements: [{ type: 'mrkdwn', text: `and ${left} more alerts` }] }]),
    ],
  });
}

/** Every part is clipped before it is escaped, so that no escape is cut, and all of them together fit. */
function sectionOf(alert: FiringAlert): string {
  const traces = tracesText(alert, TRACES);
  const labels = [...alert.labels].filter(([name]) => name !== 'alertname').sort();
  const lines = [
    `${MARKS[alert.level]} *${fitting(alert.name, 300)}* (${alert.level})`,
    fitting(titleOf(alert), 1200),
    `_${fitting(labels.map(([name, value]) => `${name}=${value}`).join(' '), 700)}_`,
    `since ${isoTime(alert.startsAt)}${traces === '' ? '' : `, traces ${fitting(traces, 400)}`}`,
  ];
  return lines.filter((line) => line !== '' && line !== '__').join('\n');
}

/** Escaped, and no longer than that many characters. */
function fitting(text: string, most: number): string {
  const line = text.replace(/\s+/g, ' ');
  let kept = clip(line, most);
  // An escape makes at most five characters of one.
  while (escaped(kept).length > most) kept = clip(kept, Math.max(1, Math.floor(kept.length * 0.8)));
  return escaped(kept);
}

/** https://api.slack.com/reference/surfaces/formatting#escaping */
const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
