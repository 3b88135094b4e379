import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { consoleLines, otlp, otlpSpan, read, unindented } from './reading.ts';

const pretty = (value: unknown, indent: number | string = 2) => JSON.stringify(value, null, indent);
const lines = (...parts: readonly (string | readonly string[])[]) => parts.flat().join('\n');

/** Python's console exporter. */
const python = (name: string) => ({
  name,
  context: {
    trace_id: '0x5b8efff798038103d269b633813fc60c',
    span_id: '0x00000000000000aa',
    trace_state: '[]',
  },
  kind: 'SpanKind.INTERNAL',
  parent_id: null,
  start_time: '2026-09-21T13:33:20.010000Z',
  end_time: '2026-09-21T13:33:20.020000Z',
  status: { status_code: 'UNSET' },
  attributes: { note: "it's a {brace}" },
  events: [],
  links: [],
  resource: { attributes: {}, schema_url: '' },
});

describe('values over several lines', () => {
  it.each([
    ['one document', pretty(otlp('a', 'b'))],
    ['with tabs', pretty(otlp('a', 'b'), '\t')],
    ['documents one after another', `${pretty(otlp('a'))}\n${pretty(otlp('b'))}\n`],
    ['glued together', `${pretty(otlp('a'))}${pretty(otlp('b'))}`],
    ['an array of them', pretty([otlp('a'), otlp('b')], 4)],
    ['arrays in an array', pretty([[python('a')], [python('b')]])],
    ['an array opened in the line of its first element', `[${pretty(python('a'))}, ${pretty(python('b'))}]`],
    ['one element a line', `[\n${JSON.stringify(otlp('a'))},\n${JSON.stringify(otlp('b'))}\n]`],
    [
      'one element a line, in an object',
      `{"data": [\n${JSON.stringify(otlp('a'))},\n${JSON.stringify(otlp('b'))}\n]}`,
    ],
    [
      'one span a line at the left edge',
      JSON.stringify(otlp('a', 'b')).replaceAll('{"traceId"', '\n{"traceId"').replace(']}]}]}', '\n]}]}]}'),
    ],
    [
      'one span a line, in batches',
      JSON.stringify({ batches: otlp('a', 'b')['resourceSpans'] })
        .replaceAll('{"traceId"', '\n{"traceId"')
        .replace(']}]}]}', '\n]}]}]}'),
    ],
    [
      'one span a line, in an array of requests',
      JSON.stringify([otlp('a'), otlp('b')])
        .replaceAll('{"traceId"', '\n{"traceId"')
        .replaceAll(']}]}]}', '\n]}]}]}'),
    ],
    ['every list at the left edge', JSON.stringify(otlp('a', 'b')).replaceAll(':[', ':[\n')],
    ['with CRLF', pretty(otlp('a', 'b')).replaceAll('\n', '\r\n')],
    ['with blank lines', pretty(otlp('a', 'b')).replaceAll('\n', '\n\n')],
    [
      'the first member in the line of the bracket',
      pretty(otlp('a', 'b')).replace('{\n  "resourceSpans"', '{ "resourceSpans"'),
    ],
    ['indented as a whole', pretty(otlp('a', 'b')).replaceAll(/^/gm, '    ')],
    ['without indentation', pretty(otlp('a', 'b'), 1).replaceAll(/^ +/gm, '')],
    [
      'without indentation, one after another',
      lines(unindented(pretty(python('a')).split('\n')), unindented(pretty(python('b')).split('\n'))),
    ],
    ['what util.inspect prints', lines(consoleLines('a'), consoleLines('b'))],
    [
      'util.inspect of an array',
      lines(
        '[',
        consoleLines('a').map((line) => `  ${line}`),
        '  ,',
        consoleLines('b').map((line) => `  ${line}`),
        ']',
      ),
    ],
    ['util.inspect without indentation', lines(unindented(consoleLines('a')), unindented(consoleLines('b')))],
    [
      'Node 10, with its brackets in the first and last line',
      lines(
        ...['a', 'b'].map((name) =>
          lines(consoleLines(name).slice(1, -1)).replace(/^ /, '{').replace(/$/, ' }'),
        ),
      ),
    ],
    [
      'a class name in front',
      lines('SpanImpl {', consoleLines('a').slice(1), '<ref *1> Span {', consoleLines('b').slice(1)),
    ],
    [
      'a logger in front of the first line only',
      lines(
        'INFO:root:{',
        pretty(python('a')).split('\n').slice(1),
        'INFO:root:{',
        pretty(python('b')).split('\n').slice(1),
      ),
    ],
  ])('%s', async (_, text) => {
    const { names, skipped } = await read(text);
    expect(names).toEqual(['a', 'b']);
    expect(skipped).toEqual({});
    expect((await read(text, { chunk: 5 })).names).toEqual(names);
  });

  it('are found behind a prefix that stands on every line and changes its digits', async () => {
    const prefixed = [...consoleLines('a'), ...pretty(python('b')).split('\n')].map(
      (line, i) => `12:00:${String(i).padStart(2, '0')} worker-${i % 3} (${i}) > ${line}`,
    );
    const { names, skipped } = await read(lines('12:00:00 worker-1 (7) > ready', prefixed));
    expect(names).toEqual(['a', 'b']);
    expect(skipped).toEqual({ text: [1, 1] });
  });

  it('of processes whose prefixes differ in a number only are kept apart', async () => {
    const [one, two] = [consoleLines('a', '00000000000000aa'), consoleLines('b', '00000000000000bb')];
    const mixed = one.flatMap((line, i) => [`[0] ${line}`, ...(i > 2 ? [`[1] ${two[i - 3]}`] : [])]);
    const { names } = await read(
      lines(
        mixed,
        two.slice(-3).map((line) => `[1] ${line}`),
      ),
    );
    expect([...names].sort()).toEqual(['a', 'b']);
  });

  it('are cut where another one begins in the way of Node 10', async () => {
    const compact = lines(consoleLines('b').slice(1, -1)).replace(/^ /, '{').replace(/$/, ' }');
    const { names, skipped } = await read(lines(consoleLines('a').slice(0, 9), compact, consoleLines('c')));
    expect(names).toEqual(['b', 'c']);
    expect(skipped).toEqual({ truncated: [1, 1] });
  });

  it('let lines of other processes through', async () => {
    const [first, ...rest] = consoleLines('a');
    const foreign = [
      'GET /health 200',
      `${JSON.stringify(otlp('b'))}`,
      'Error: boom',
      '    at run (app.js:1:2)',
      '{"level":"info"}',
    ];
    const mixed = rest.flatMap((line, i) => [line, foreign[i] ?? '-']);
    const { names, skipped } = await read(lines(first!, mixed.slice(0, -1)));
    expect(names).toEqual(['b', 'a']);
    expect(skipped).toMatchObject({ other_json: [1, 11] });
    const prettyMixed = pretty(python('a'))
      .split('\n')
      .flatMap((line, i) => (i % 4 === 1 ? ['log line', line] : [line]));
    expect((await read(lines(prettyMixed))).names).toEqual(['a']);
  });

  it('let indented lines of others through when they cannot be part of a value', async () => {
    const [first, ...rest] = pretty(python('a')).split('\n');
    const { names, skipped } = await read(
      lines(first!, '  File "x.py", line 3, in run', '    raise Boom', rest),
    );
    expect(names).toEqual(['a']);
    expect(Object.keys(skipped)).toEqual(['text']);
  });

  it('that were cut do not swallow what follows', async () => {
    const whole = consoleLines('b');
    const { names, skipped } = await read(lines(consoleLines('a').slice(0, 9), whole, 'done'));
    expect(names).toEqual(['b']);
    expect(skipped).toEqual({ truncated: [1, 1], text: [1, 28] });
    const after = await read(
      lines(
        pretty(python('a')).split('\n').slice(0, 6),
        JSON.stringify(otlp('b')),
        JSON.stringify(otlp('c')),
      ),
    );
    expect(after.names).toEqual(['b', 'c']);
    expect(after.skipped).toEqual({ truncated: [1, 1] });
  });

  it('broken anywhere at the left edge give what they give in one line', async () => {
    const document = otlp('a', 'b', 'c');
    const breaks = fc.array(fc.boolean(), { minLength: 40, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(breaks, fc.integer({ min: 1, max: 100 }), async (places, chunk) => {
        let at = 0;
        let begun = false;
        // A line that ends behind a value and has no end was cut off; only one within a document need not be.
        const broken = (text: string) =>
          text.replaceAll(/[{[,:](?=["{[])|(?=[}\]])/g, (mark) => {
            if (!places[at++ % 40] || (mark === '' && !begun)) return mark;
            begun = true;
            return `${mark}\n`;
          });
        const { names, spans, skipped } = await read(`${broken(JSON.stringify(document))}\n`, { chunk });
        expect(names).toEqual(['a', 'b', 'c']);
        expect(new Set(spans.map(({ resource }) => resource.attributes.get('service.name')))).toEqual(
          new Set(['shop']),
        );
        expect(skipped).toEqual({});
      }),
      { numRuns: 300 },
    );
  });

  it('at the left edge let lines of others through', async () => {
    const [first, a, b, last] = JSON.stringify(otlp('a', 'b'))
      .replaceAll('{"traceId"', '\n{"traceId"')
      .replace(']}]}]}', '\n]}]}]}')
      .split('\n') as [string, string, string, string];
    const { names, spans, skipped } = await read(
      lines(first, 'GET /health 200', a, '{"level":"info"}', b, '[INFO] done', last),
    );
    expect(names).toEqual(['a', 'b']);
    expect(spans.map(({ resource }) => resource.attributes.get('service.name'))).toEqual(['shop', 'shop']);
    expect(skipped).toEqual({ text: [2, 2], other_json: [1, 4] });
  });

  it('at the left edge that were cut keep the resource of what is whole', async () => {
    const text = JSON.stringify(otlp('a', 'b', 'c')).replaceAll('{"traceId"', '\n{"traceId"');
    const { names, spans, skipped } = await read(text.slice(0, -100));
    expect(names).toEqual(['a', 'b']);
    expect(spans[1]?.resource.attributes.get('service.name')).toBe('shop');
    expect(skipped).toEqual({ truncated: [1, 4] });
  });

  it.each(['{"resourceSpans":[', '{"resourceSpans":[{"resource":{},"scopeSpans":[{"scope":{},"spans":['])(
    'a line that was cut behind %s takes nothing with it',
    async (cut) => {
      const broken = JSON.stringify(otlp('c')).replace('{"traceId"', '\n{"traceId"');
      for (const comma of ['', ',']) {
        const whole = ['a', 'b'].map((name) => JSON.stringify(otlp(name)) + comma);
        const { names, skipped } = await read(lines(cut, whole, broken, 'done'));
        expect(names).toEqual(['a', 'b', 'c']);
        expect(skipped).toEqual({ truncated: [1, 1], text: [1, 6] });
      }
    },
  );

  it('without indentation that were cut do not swallow JSON lines', async () => {
    const cut = unindented(pretty(python('a')).split('\n')).slice(0, 6);
    const { names, skipped } = await read(lines(cut, JSON.stringify(otlp('b')), JSON.stringify(otlp('c'))));
    expect(names).toEqual(['b', 'c']);
    expect(skipped).toEqual({ truncated: [1, 1] });
  });

  it('are other records when no format claims them', async () => {
    const { names, skipped } = await read(
      lines(
        pretty({ name: 'package', version: '1' }),
        'config: {',
        '  port: 3000',
        '}',
        JSON.stringify(otlp('a')),
      ),
    );
    expect(names).toEqual(['a']);
    expect(skipped).toEqual({ other_json: [1, 1], text: [3, 5] });
  });

  it('above the limit are read piecewise, and give the same spans', async () => {
    const limits = { split: 300, hold: 1 << 20 };
    const spans = Array.from({ length: 40 }, (_, i) => otlpSpan(`s${i}`, i + 1));
    const document = { resourceSpans: [{ resource: {}, scopeSpans: [{ scope: {}, spans }] }] };
    for (const text of [
      pretty(document),
      pretty([document]),
      JSON.stringify(document),
      lines(unindented(pretty(document).split('\n'))),
      JSON.stringify(document).replaceAll('{"traceId"', '\n{"traceId"').replace(']}]}]}', '\n]}]}]}'),
    ]) {
      for (const chunk of [64, 1 << 16]) {
        const { names, skipped, spans: found } = await read(text, { limits, chunk });
        expect(names).toEqual(spans.map(({ name }) => name));
        expect(skipped).toEqual({});
        expect(new Set(found.map(({ resource }) => resource)).size).toBe(1);
      }
    }
  });

  it('let long lines of other processes through', async () => {
    const [first, ...rest] = pretty(python('a')).split('\n');
    const text = lines(first!, rest[0]!, JSON.stringify(otlp('b'.repeat(2000))), rest.slice(1));
    const { names } = await read(text, { limits: { split: 1000, hold: 1 << 20 } });
    expect(names.map((name) => name[0])).toEqual(['b', 'a']);
    const long = pretty({ ...python('a'), note: 'x'.repeat(3000) });
    expect((await read(long, { limits: { split: 1000, hold: 1 << 20 }, chunk: 50 })).names).toEqual(['a']);
  });

  it('that are no JSON are held up to the second limit', async () => {
    const text = lines(consoleLines('a'), JSON.stringify(otlp('b')));
    const limits = { split: 100, hold: 1 << 20 };
    expect((await read(text, { limits })).names).toEqual(['a', 'b']);
    const { names, skipped } = await read(text, { limits: { split: 100, hold: 300 } });
    expect(names).toEqual(['b']);
    expect(skipped).toEqual({ too_large: [1, 1] });
  });

  it('name the line they begin at', async () => {
    const { places } = await read(lines('first', consoleLines('a'), '', pretty(python('b')).split('\n')));
    expect(places).toEqual([2, 21]);
  });
});
