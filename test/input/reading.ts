import { Dispatcher } from '../../src/input/dispatch.ts';
import type { Limits } from '../../src/input/held.ts';
import { readStream } from '../../src/input/read-stream.ts';
import { EVERYTHING, type Span } from '../../src/model/index.ts';

/** What one stream of bytes turned out to hold. Places are `x:line`. */
export type Reading = {
  readonly spans: readonly Span[];
  readonly names: readonly string[];
  readonly places: readonly number[];
  readonly logs: number;
  /** Reason to count and line of the first. */
  readonly skipped: Readonly<Record<string, readonly [count: number, line: number]>>;
  readonly formats: readonly string[];
};

export type ReadingOptions = { readonly chunk?: number; readonly limits?: Limits };

/** Reads bytes in chunks whose memory is overwritten as soon as the next one is asked for. */
export async function read(
  input: string | Uint8Array,
  { chunk = 1 << 16, limits }: ReadingOptions = {},
): Promise<Reading> {
  const bytes = typeof input === 'string' ? Buffer.from(input) : Buffer.from(input);
  const spans: Span[] = [];
  const places: number[] = [];
  const skipped: Record<string, [number, number]> = {};
  let logs = 0;
  const dispatcher = new Dispatcher(
    'x',
    {
      span: (span, at) => {
        spans.push(span);
        places.push(at.line);
      },
      log: () => logs++,
      skip: (reason, at, count = 1) => {
        const known = skipped[reason];
        skipped[reason] = known === undefined ? [count, at.line] : [known[0] + count, known[1]];
      },
      warn: () => undefined,
    },
    EVERYTHING,
  );
  await readStream(chunks(bytes, chunk), dispatcher, limits === undefined ? {} : { limits });
  return {
    spans,
    names: spans.map(({ name }) => name),
    places,
    logs,
    skipped,
    formats: [...dispatcher.found],
  };
}

async function* chunks(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  const memory = Buffer.alloc(Math.min(size, Math.max(1, bytes.length)));
  for (let from = 0; from < bytes.length; from += size) {
    const length = bytes.copy(memory, 0, from, Math.min(bytes.length, from + size));
    yield memory.subarray(0, length);
    memory.fill('~');
  }
}

const TRACE = '5b8efff798038103d269b633813fc60c';

/** A span as OTLP JSON has it. */
export function otlpSpan(name: string, id = 1): Record<string, unknown> {
  return {
    traceId: TRACE,
    spanId: id.toString(16).padStart(16, '0'),
    name,
    startTimeUnixNano: '1790000000000000000',
    endTimeUnixNano: '1790000000100000000',
  };
}

/** One OTLP request with one resource and one scope. */
export function otlp(...names: string[]): Record<string, unknown> {
  const spans = names.map((name, i) => otlpSpan(name, i + 1));
  const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'shop' } }] };
  return { resourceSpans: [{ resource, scopeSpans: [{ scope: { name: 'lib' }, spans }] }] };
}

/** A span as OpenTelemetry's JavaScript console exporter prints it, line by line. */
export function consoleLines(name: string, id = 'e64a3f1e4f34460e'): string[] {
  return [
    '{',
    "  resource: { attributes: { 'service.name': 'shop' } },",
    "  instrumentationScope: { name: 'lib', version: undefined, schemaUrl: undefined },",
    `  traceId: '${TRACE}',`,
    '  parentSpanContext: undefined,',
    '  traceState: undefined,',
    `  name: '${name}',`,
    `  id: '${id}',`,
    '  kind: 0,',
    '  timestamp: 1795228817730000,',
    '  duration: 135557.049,',
    '  attributes: {',
    `    note: "it's {braces} [and] brackets"`,
    '  },',
    '  status: { code: 0 },',
    '  events: [],',
    '  links: []',
    '}',
  ];
}

/** The same in a terminal without indentation, as some shippers leave it. */
export const unindented = (lines: readonly string[]): string[] => lines.map((line) => line.trimStart());
