import {
  type AttributeValue,
  type Instant,
  instant,
  type SpanEvent,
  type SpanLink,
} from '../../model/index.ts';
import type { JsonValue, ReadContext } from '../format.ts';
import { linkTo, spanIds } from '../formats/ids.ts';
import { kindNamed, type MutableAttributes, statusCode } from '../formats/spans.ts';
import { stringEnd } from '../json.ts';
import { epochTime } from '../time.ts';
import { erlangTerm, type Term } from './erlang-terms.ts';
import { type Nesting, PrintedRecord } from './printed-record.ts';
import type { TextFormat, TextRecord } from './text-format.ts';

const BANNER = '*SPANS FOR DEBUG*';

/**
 * The stdout exporter of OpenTelemetry Erlang and Elixir: the record `span` as a term. Its times are those of the
 * machine's monotonic clock; the resource is not printed.
 */
export const erlangStdout: TextFormat = {
  name: 'erlang-stdout',
  title: 'OpenTelemetry Erlang and Elixir: stdout exporter',
  source:
    'https://github.com/open-telemetry/opentelemetry-erlang/blob/main/apps/opentelemetry/src/otel_exporter_stdout.erl',
  begins: (line) => line === BANNER || beginsSpan(line),
  record: (output) => {
    const span = (): PrintedRecord =>
      new PrintedRecord(output, {
        begins: beginsSpan,
        nesting: erlangNesting(),
        wrapped: true,
        read: (printed, line) => output.read(line, (context) => readSpan(printed, context)),
      });
    let record: TextRecord | undefined;
    return {
      take(line, number) {
        if (line === BANNER) return record === undefined ? 'over' : 'foreign';
        record ??= span();
        return record.take(line, number);
      },
      end: () => record?.end(),
    };
  },
};

function beginsSpan(line: string): boolean {
  return line.startsWith('{span,') && /^\{span,\d/.test(line);
}

const KINDS: readonly unknown[] = ['internal', 'server', 'client', 'producer', 'consumer'];

function readSpan(printed: string, context: ReadContext): void {
  const fields = parsed(printed);
  // The record has grown a field: whether the parent is remote. The kind tells where the rest stands.
  const kind = fields.findIndex((field, i) => i > 4 && KINDS.includes(field));
  if (kind < 0) {
    context.sink.skip('bad_span', context.at);
    return;
  }
  const { projection } = context;
  const status = tuple(fields[kind + 6]);
  const scope = tuple(fields[kind + 9]);
  const ids = spanIds(
    context,
    printed as JsonValue,
    hexId(fields[1], 32),
    hexId(fields[2], 16),
    hexId(fields[4], 16),
  );
  context.sink.span(
    {
      ...ids,
      name: textOf(fields[kind - 1]) ?? '',
      kind: kindNamed(textOf(fields[kind])),
      start: timeOf(fields[kind + 1]),
      end: timeOf(fields[kind + 2]),
      status: statusCode(textOf(status[1])),
      statusMessage: textOf(status[2]) || undefined,
      attributes: attributesOf(fields[kind + 3], projection.attributes),
      events: projection.events ? tuple(tuple(fields[kind + 4]).at(-1)).flatMap(eventOf) : [],
      links: tuple(tuple(fields[kind + 5]).at(-1)).flatMap(linkOf),
      resource: context.resource(new Map()),
      scope: context.scope(textOf(scope[1]), textOf(scope[2])),
    },
    context.at,
  );
}

function parsed(printed: string): readonly Term[] {
  try {
    return tuple(erlangTerm(printed));
  } catch (error) {
    if (error instanceof SyntaxError) return [];
    throw error;
  }
}

/**
 * The monotonic clock of the Erlang machine counts from -2^59 native units, and those are nanoseconds wherever the
 * operating system has them (erts/emulator/beam/erl_time_sup.c). Times count from the start of the machine then: length and
 * order are right, the date is not known and stands as 1970-01-01. Other clocks are told from it by where they are.
 */
const MACHINE_START = -(2n ** 59n);
const TEN_YEARS = 10n * 366n * 86_400n * 1_000_000_000n;

function timeOf(value: Term | undefined): Instant | undefined {
  if (typeof value !== 'bigint') return undefined;
  const since = value - MACHINE_START;
  return since >= 0n && since < TEN_YEARS ? instant(since) : undefined;
}

/** Events carry the time of day (`system_time`), in native units as well. */
function eventOf(event: Term): readonly SpanEvent[] {
  const [tag, time, name, attributes] = tuple(event);
  if (tag !== 'event') return [];
  const at = typeof time === 'bigint' ? epochTime(time, 'ns') : undefined;
  return [
    {
      name: textOf(name) ?? '',
      time: at === 'bad' ? timeOf(time) : at,
      attributes: attributesOf(attributes, undefined),
    },
  ];
}

function linkOf(link: Term): readonly SpanLink[] {
  const [tag, trace, span] = tuple(link);
  return tag === 'link' ? linkTo(hexId(trace, 32), hexId(span, 16)) : [];
}

/** `{attributes, Limit, LengthLimit, Dropped, #{…}}` */
function attributesOf(value: Term | undefined, wanted: ReadonlySet<string> | undefined): MutableAttributes {
  const attributes: MutableAttributes = new Map();
  const map = tuple(value).at(-1);
  if (!(map instanceof Map)) return attributes;
  for (const [key, item] of map as ReadonlyMap<string, Term>)
    if (wanted === undefined || wanted.has(key)) attributes.set(key, attributeOf(item));
  return attributes;
}

function attributeOf(term: Term): AttributeValue {
  if (term === 'true' || term === 'false') return term === 'true';
  if (term === 'undefined' || term === 'nil') return null;
  if (Array.isArray(term)) return term.map(attributeOf);
  if (!(term instanceof Map)) return term as AttributeValue;
  const object: { [key: string]: AttributeValue } = Object.create(null);
  for (const [key, item] of term as ReadonlyMap<string, Term>) object[key] = attributeOf(item);
  return object;
}

const tuple = (term: Term | undefined): readonly Term[] => (Array.isArray(term) ? term : []);

function textOf(term: Term | undefined): string | undefined {
  return typeof term === 'string' && term !== 'undefined' ? term : undefined;
}

function hexId(term: Term | undefined, digits: 16 | 32): string | undefined {
  if (typeof term !== 'bigint' && !Number.isInteger(term)) return undefined;
  const id = BigInt(term as number | bigint);
  return id < 0n ? undefined : id.toString(16).padStart(digits, '0');
}

/** Quotes may run over the end of a line only where somebody wrapped the lines. */
function erlangNesting(): Nesting {
  let depth = 0;
  let quote = 0;
  return {
    feed(line) {
      for (let at = 0; at < line.length; ) {
        if (quote > 0) {
          at = stringEnd(line, at, quote);
          if (at <= line.length) quote = 0;
          continue;
        }
        const code = line.charCodeAt(at++);
        if (code === 0x22 || code === 0x27) quote = code;
        else if (code === 0x7b || code === 0x5b) depth++;
        else if ((code === 0x7d || code === 0x5d) && --depth === 0) return true;
      }
      return false;
    },
  };
}
