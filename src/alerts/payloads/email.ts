import { clip, type FiringAlert, isoTime, titleOf, tracesText } from './firing.ts';
import { headerText, type Mailbox, mailboxesText } from './mailboxes.ts';

const TRACES = 10;
/** Of a line of quoted-printable, RFC 2045, section 6.7. */
const LINE = 76;
const MOST_OF_SUBJECT = 200;

export type Envelope = {
  readonly from: Mailbox;
  readonly to: readonly Mailbox[];
  /** When it is written, in milliseconds. */
  readonly now: number;
};

/** A message as RFC 5322 has it: lines end with CR LF, and all of it is ASCII. */
export function emailPayload(alerts: readonly FiringAlert[], { from, to, now }: Envelope): string {
  const subject =
    alerts.length === 1
      ? `[agentobs] ${titleOf(alerts[0]!)}`
      : `[agentobs] ${alerts.length} alerts are firing`;
  const domain = from.address.slice(from.address.lastIndexOf('@') + 1);
  return [
    `From: ${mailboxesText([from])}`,
    `To: ${mailboxesText(to)}`,
    `Subject: ${headerText(clip(oneLine(subject), MOST_OF_SUBJECT))}`,
    `Date: ${new Date(now).toUTCString().replace('GMT', '+0000')}`,
    `Message-ID: <${now.toString(36)}.${alerts.map(({ fingerprint }) => fingerprint)[0] ?? '0'}@${domain}>`,
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: quoted-printable',
    'Auto-Submitted: auto-generated',
    '',
    ...alerts.flatMap(textOf).map(quotedPrintable),
    '',
  ].join('\r\n');
}

function textOf(alert: FiringAlert): readonly string[] {
  const traces = tracesText(alert, TRACES);
  return [
    `${alert.name} (${alert.level})`,
    `  ${oneLine(titleOf(alert))}`,
    `  labels: ${oneLine([...alert.labels].map(([name, value]) => `${name}=${value}`).join(' '))}`,
    `  since:  ${isoTime(alert.startsAt)}`,
    ...(traces === '' ? [] : [`  traces: ${oneLine(traces)}`]),
    `  rule:   ${oneLine(`${alert.file}:${alert.line}`)}`,
    '',
  ];
}

/** Nobody begins a header of their own. */
const oneLine = (text: string): string => text.replace(/[\s\p{Cc}]+/gu, ' ').trim();

/** One line of text as lines of quoted-printable. */
function quotedPrintable(text: string): string {
  const codes = [...Buffer.from(text)].map((byte, i, all) => {
    const isLast = i === all.length - 1;
    const isPlain = (byte > 0x20 && byte < 0x7f && byte !== 0x3d) || (byte === 0x20 && !isLast);
    return isPlain ? String.fromCharCode(byte) : `=${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  });
  const lines: string[] = [];
  let line = '';
  for (const code of codes) {
    if (line.length + code.length > LINE - 1) {
      lines.push(`${line}=`);
      line = '';
    }
    line += code;
  }
  return [...lines, line].join('\r\n');
}
