import { describe, expect, it } from 'vitest';
import {
  type InputSummary,
  instant,
  ms,
  NOTHING_READ,
  type Report,
  type SpanView,
  time,
  usd,
} from '../../src/model/index.ts';
import { exact } from '../../src/render/exact.ts';
import { renderJson } from '../../src/render/json.ts';
import { FOREIGN, jsonText } from '../../src/render/json-text.ts';
import { renderJsonl } from '../../src/render/jsonl.ts';

const INPUT: InputSummary = {
  ...NOTHING_READ,
  sources: [{ name: 'run.jsonl', format: undefined, bytes: 12, spans: 0, logs: 0, skipped: 1 }],
  skipped: [{ reason: 'text', count: 1, first: 'run.jsonl:1' }],
};

const text = (pieces: Iterable<string>): string => [...pieces].join('');
const report = (body: Report['body'], more: Partial<Report> = {}): Report => ({
  command: 'cost',
  body,
  table: { rows: 'rows', columns: [] },
  notes: [],
  ...more,
});

describe('exact values', () => {
  it.each([
    [16_500_000_000n, '0.0165'],
    [0n, '0'],
    [1n, '0.000000000001'],
    [12_000_000_000_000n, '12'],
    [-2_500_000_000_000n, '-2.5'],
    [123_456_789_012_345_678_901n, '123456789.012345678901'],
  ])('writes %s picodollars as %s', (pico, usdText) => {
    expect(exact(usd(pico))).toBe(usdText);
  });

  it('writes what is not known as null', () => {
    expect([exact(usd(undefined)), exact(ms(undefined)), exact(time(undefined))]).toEqual([null, null, null]);
  });

  it.each([
    [1, '0.000001'],
    [333, '0.000333'],
    [2_100_000_000, '2100'],
    [86_400_000_000_001, '86400000.000001'],
  ])('writes %s nanoseconds as %s ms, without an exponent', (nanos, millis) => {
    expect(JSON.stringify(exact(ms(nanos)))).toBe(millis);
  });

  it.each([
    [1_770_199_923_000_000_000n, '2026-02-04T10:12:03.000Z'],
    [1_770_199_923_120_000_000n, '2026-02-04T10:12:03.120Z'],
    [1_770_199_923_123_456_000n, '2026-02-04T10:12:03.123456Z'],
    [1_770_199_923_123_456_789n, '2026-02-04T10:12:03.123456789Z'],
    [0n, '1970-01-01T00:00:00.000Z'],
    [-1n, '1969-12-31T23:59:59.999999999Z'],
    [253_402_300_799_000_000_000n, '9999-12-31T23:59:59.000Z'],
    [253_402_300_800_000_000_000n, null],
  ])('writes the instant %s as %s', (at, rfc3339) => {
    expect(exact(time(instant(at)))).toBe(rfc3339);
  });
});

describe('JSON', () => {
  it('gives every top-level key and every row a line of its own', () => {
    const body = {
      by: ['user'],
      rows: [{ key: { user: 'ana' } }, { key: { user: 'ben' } }],
      total: { calls: 2 },
    };
    expect(text(renderJson(report(body), INPUT)).split('\n')).toEqual([
      '{',
      '  "schema_version": 1,',
      expect.stringMatching(/^ {2}"input": \{"sources":\[\{"name":"run\.jsonl","format":null,/),
      '  "by": ["user"],',
      '  "rows": [',
      '    {"key":{"user":"ana"}},',
      '    {"key":{"user":"ben"}}',
      '  ],',
      '  "total": {"calls":2}',
      '}',
      '',
    ]);
  });

  it('writes rows of cost in the order of the contract', () => {
    const row = { errors: 0, cost_usd: usd(1n), calls: 1, key: { user: 'a' } };
    expect(text(renderJson(report({ rows: [row] }), INPUT))).toContain(
      '{"key":{"user":"a"},"calls":1,"cost_usd":"0.000000000001","errors":0}',
    );
  });

  it('takes nothing that came from the input for a quantity', () => {
    const foreign = { unit: 'usd', pico: 'x', big: 9_223_372_036_854_775_807n, nan: Number.NaN };
    expect(text(jsonText(foreign, FOREIGN))).toBe(
      '{"unit":"usd","pico":"x","big":9223372036854775807,"nan":"NaN"}',
    );
  });

  it('keeps keys that mean something to JavaScript', () => {
    const written = '{"__proto__":"a","constructor":"b"}';
    expect(text(jsonText(JSON.parse(written), FOREIGN))).toBe(written);
  });

  it('escapes what a terminal would act on, without changing what it means', () => {
    const name = 'a\u001b[31m\u009b31m\u202eb\u2028\u200bc\u007f';
    const written = text(jsonText(name));
    expect(written).toMatch(/^[\x20-\x7e]+$/);
    expect(JSON.parse(written)).toBe(name);
  });

  it('writes span trees of any depth', () => {
    const depth = 100_000;
    let span = { span_id: '0', children: [] as unknown[] };
    for (let i = 1; i < depth; i++) span = { span_id: String(i), children: [span] };
    const trace = { trace_id: 't', roots: [span], critical_path: [] } as unknown as NonNullable<
      Report['traces']
    >[0];
    const written = text(renderJson(report({}, { command: 'trace show', traces: [trace] }), INPUT));
    expect(written.match(/"children":/g)).toHaveLength(depth);
    expect(written.endsWith(`${']}'.repeat(depth)}],"critical_path":[]}\n  ]\n}\n`)).toBe(true);
  });

  it('writes of a span what the contract names, in its order', () => {
    const written = text(
      renderJson(
        report(
          {},
          { command: 'trace show', traces: [{ roots: [spanView('1')] }] as unknown as Report['traces'] & {} },
        ),
        INPUT,
      ),
    );
    const span = JSON.parse(written).traces[0].roots[0];
    expect(Object.keys(span)).toEqual([
      'span_id',
      'parent_span_id',
      'name',
      'kind',
      'dialect',
      'status',
      'error',
      'start',
      'duration_ms',
      'self_ms',
      'critical_ms',
      'user',
      'workflow',
      'agent',
      'tool',
      'model',
      'provider',
      'input_tokens',
      'output_tokens',
      'cache_read_tokens',
      'cache_write_tokens',
      'reasoning_tokens',
      'cost_usd',
      'cost_status',
      'subtree_cost_usd',
      'attempt',
      'attributes',
      'events',
      'logs',
      'children',
    ]);
    expect(span.attributes).toEqual({ unit: 'ms', nanos: 5 });
  });
});

describe('JSON lines', () => {
  it('writes one row a line and no total', () => {
    const body = {
      rows: [{ key: { user: 'a\nb' }, cost_usd: usd(undefined) }, { key: { user: 'c' } }],
      total: {},
    };
    expect(text(renderJsonl(report(body)))).toBe(
      '{"key":{"user":"a\\nb"},"cost_usd":null}\n{"key":{"user":"c"}}\n',
    );
  });
});

function spanView(id: string, children: readonly SpanView[] = []): SpanView {
  return {
    position: 0,
    span_id: id,
    parent_span_id: null,
    name: 'step',
    step: 'step step',
    kind: 'step',
    dialect: null,
    status: 'unset',
    failed: false,
    error: null,
    start: time(instant(0n)),
    duration_ms: ms(1),
    self_ms: ms(1),
    critical_ms: ms(0),
    user: null,
    workflow: null,
    agent: null,
    tool: null,
    model: null,
    provider: null,
    input_tokens: null,
    output_tokens: null,
    cache_read_tokens: null,
    cache_write_tokens: null,
    reasoning_tokens: null,
    cost_usd: usd(0n),
    cost_status: 'none',
    subtree_cost_usd: usd(0n),
    attempt: null,
    events: [],
    logs: [],
    attributes: { unit: 'ms', nanos: 5 },
    children,
    orphan: false,
    bottleneck: false,
    hidden: 0,
    foldable: true,
    isLike: () => false,
  };
}
