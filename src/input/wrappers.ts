import type { JsonObject, JsonValue } from './format.ts';
import { nameText } from './values.ts';

/** What a wrapper held: a line of a stream, or a piece of one that the next record of the stream continues. */
export type Unwrapped = {
  readonly text: string;
  /** Tells streams of several processes apart; lines of one block share it. */
  readonly stream: string;
  /** `unsure`: without a line feed at its end, which may have been taken off. */
  readonly partial: 'yes' | 'no' | 'unsure';
};

/** A prefix that a log shipper puts in front of every line. What follows the match is the line, indentation and all. */
type LineWrapper = {
  readonly name: string;
  readonly source: string;
  /** A character without which the pattern need not be tried. */
  readonly needs?: string;
  /** Group `stream` tells processes apart; group `tag` is `P` on pieces of a line. */
  readonly pattern: RegExp;
};

const TIME = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)`;

export const LINE_WRAPPERS: readonly LineWrapper[] = [
  {
    name: 'CRI log files (containerd, CRI-O)',
    source: 'https://github.com/kubernetes/design-proposals-archive/blob/main/node/kubelet-cri-logging.md',
    pattern: new RegExp(String.raw`^${TIME} (?<stream>stdout|stderr) (?<tag>[PF])(?::\S*)?(?: |$)`),
  },
  {
    name: 'kubectl logs --prefix',
    source: 'https://kubernetes.io/docs/reference/kubectl/generated/kubectl_logs/',
    pattern: /^\[(?<stream>(?:[\w.-]+\/){1,3}[\w.-]+)\] /,
  },
  {
    name: 'gh run view --log',
    source: 'https://cli.github.com/manual/gh_run_view',
    needs: '\t',
    pattern: new RegExp(String.raw`^(?<stream>[^\t]{1,200}\t[^\t]{1,200})\t\ufeff?(?=${TIME} )`),
  },
  {
    name: 'journalctl, syslog files',
    source: 'https://www.freedesktop.org/software/systemd/man/latest/journalctl.html#Output%20Options',
    pattern: /^[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d(?:\.\d+)? (?<stream>[\w.:-]+ [\w./@:-]+?(?:\[\d+\])?): /,
  },
  {
    name: 'journalctl -o short-iso',
    source: 'https://www.freedesktop.org/software/systemd/man/latest/journalctl.html#Output%20Options',
    pattern: new RegExp(String.raw`^${TIME} (?<stream>[\w.:-]+ [\w./@:-]+\[\d+\]): `),
  },
  {
    name: 'syslog (RFC 5424)',
    source: 'https://www.rfc-editor.org/rfc/rfc5424#section-6',
    pattern: new RegExp(String.raw`^<\d{1,3}>1 (?:${TIME}|-) (?<stream>\S+ \S+ \S+) \S+ (?:-|\[[^\]]*\]) `),
  },
  {
    name: 'Heroku Logplex',
    source: 'https://devcenter.heroku.com/articles/logging#log-format',
    pattern: new RegExp(String.raw`^${TIME} (?<stream>\w+\[[\w.-]+\]): `),
  },
  {
    name: 'kubectl logs --timestamps, docker logs --timestamps, GitHub Actions',
    source: 'https://docs.docker.com/reference/cli/docker/container/logs/',
    pattern: new RegExp(`^${TIME}(?: |$)`),
  },
  {
    name: 'docker compose, foreman',
    source: 'https://docs.docker.com/reference/cli/docker/compose/logs/',
    needs: '|',
    pattern: /^(?:\d\d:\d\d:\d\d )?(?<stream>[A-Za-z0-9][\w.@-]*) *\|(?: |$)/,
  },
];

/** One prefix off a line; undefined when it has none. */
export function unwrapLine(line: string): Unwrapped | undefined {
  const first = line.charCodeAt(0);
  // White space, quotes and brackets of JSON: no shipper's prefix begins so.
  if (first <= 0x22 || first === 0x7b || first === 0x7d) return undefined;
  for (const { pattern, needs } of LINE_WRAPPERS) {
    if (needs !== undefined && !line.includes(needs)) continue;
    const found = pattern.exec(line);
    if (found === null) continue;
    return {
      text: line.slice(found[0].length),
      stream: found.groups?.['stream'] ?? '',
      partial: found.groups?.['tag'] === 'P' ? 'yes' : 'no',
    };
  }
  return undefined;
}

/** A JSON record around a line of another stream, known by the company its keys keep. */
type RecordWrapper = {
  readonly name: string;
  readonly source: string;
  readonly unwrap: (record: JsonObject) => Unwrapped | undefined;
};

/** Docker cuts lines at 16 KiB (daemon/logger/copier.go); only the last piece ends in a line feed. */
const DOCKER_PIECE = 16_000;

export const RECORD_WRAPPERS: readonly RecordWrapper[] = [
  {
    name: 'Docker json-file; Fluent Bit and Fluentd, which keep its keys',
    source: 'https://docs.docker.com/engine/logging/drivers/json-file/',
    unwrap(record) {
      const text = record['log'];
      const stream = record['stream'];
      if (typeof text !== 'string' || (stream !== 'stdout' && stream !== 'stderr')) return undefined;
      const writer = `${stream} ${kubernetesName(record['kubernetes'])}`;
      if (text.endsWith('\n')) return { text: text.slice(0, -1), stream: writer, partial: 'no' };
      // Shippers take the line feed off whole lines as well: then the tag of CRI tells, or the size.
      const tag = record['logtag'];
      const piece = tag === 'P' || (tag !== 'F' && Buffer.byteLength(text) >= DOCKER_PIECE);
      return { text, stream: writer, partial: piece ? 'yes' : tag === 'F' ? 'no' : 'unsure' };
    },
  },
  {
    name: 'journalctl -o json',
    source: 'https://systemd.io/JOURNAL_EXPORT_FORMATS/#journal-json-format',
    unwrap(record) {
      const text = journalText(record['MESSAGE']);
      if (text === undefined || !JOURNAL_KEYS.some((key) => record[key] !== undefined)) return undefined;
      const writer = [record['_HOSTNAME'], record['SYSLOG_IDENTIFIER'], record['_PID'], record['_TRANSPORT']];
      const stream = writer.map(nameText).join(' ');
      return { text, stream, partial: record['_LINE_BREAK'] === 'line-max' ? 'yes' : 'no' };
    },
  },
];

export function unwrapRecord(record: JsonObject): Unwrapped | undefined {
  for (const { unwrap } of RECORD_WRAPPERS) {
    const unwrapped = unwrap(record);
    if (unwrapped !== undefined) return unwrapped;
  }
  return undefined;
}

const JOURNAL_KEYS = ['__REALTIME_TIMESTAMP', '__CURSOR', '_PID', 'SYSLOG_IDENTIFIER'] as const;

/** The journal writes a string, or the bytes of a message that is not plain UTF-8 text. */
function journalText(message: JsonValue): string | undefined {
  if (typeof message === 'string') return message;
  if (!Array.isArray(message) || !message.every((byte) => typeof byte === 'number')) return undefined;
  return Buffer.from(message as number[]).toString('utf8');
}

function kubernetesName(value: JsonValue): string {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return '';
  return [value['namespace_name'], value['pod_name'], value['container_name']].map(nameText).join(' ');
}

/** Where loggers and log stores keep the message of a structured line; what they put there may be telemetry. */
const MESSAGE_KEYS = [
  'msg',
  'message',
  'log',
  'body',
  'textPayload',
  '@message',
  'event',
  'line',
  '_raw',
] as const;

export function messageOf(record: JsonObject): string | undefined {
  for (const key of MESSAGE_KEYS) {
    const message = record[key];
    if (typeof message === 'string') return message;
  }
  return undefined;
}

/** What tells the writers of structured lines apart, where they say it. */
const WRITER_KEYS = [
  'hostname',
  'host',
  'pid',
  'name',
  'logger',
  'service',
  'container_id',
  'container_name',
  'source',
  'stream',
  'logStream',
  '@logStream',
] as const;

export function writerOf(record: JsonObject): string {
  return WRITER_KEYS.map((key) => {
    const part = record[key];
    return typeof part === 'string' || typeof part === 'number' ? part : '';
  }).join(' ');
}
