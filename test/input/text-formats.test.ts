import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TEXT_FORMATS } from '../../src/input/text-formats/index.ts';
import { root } from '../agentobs.ts';
import { consoleLines, otlp, read } from './reading.ts';

// Records that are lines of text: among lines of others, damaged, and larger or deeper than anybody means them.

const fixture = (path: string): string => readFileSync(join(root, 'fixtures/formats', path), 'utf8');
const agentRun = (format: string): string => {
  const name = readdirSync(join(root, 'fixtures/formats', format)).find((file) =>
    /^(?:agent|java-util)/.test(file),
  )!;
  return fixture(`${format}/${name.replace('.expected.json', '.log')}`);
};
const names = TEXT_FORMATS.map(({ name }) => name);
const json = (name: string, id: number): string =>
  JSON.stringify(otlp(name)).replace('0000000000000001', String(id).padStart(16, '0'));

describe.each(names)('%s', (format) => {
  const text = agentRun(format);

  it('is read with JSON lines between any two of its lines', async () => {
    const lines = text.trimEnd().split('\n');
    const mixed = lines.flatMap((line, i) => [line, json(`other ${i}`, i + 1)]).join('\n');
    const [own, both] = [await read(text), await read(mixed)];
    const others = both.names.filter((name) => name.startsWith('other'));
    expect(others).toHaveLength(lines.length);
    expect(both.spans.filter(({ name }) => !name.startsWith('other'))).toEqual(own.spans);
  });

  it('stands beside other formats in one stream', async () => {
    const block = `${consoleLines('printed').join('\n')}\n`;
    const alone = await read(text);
    const { names, formats } = await read(`${block}${text}${block}${json('line', 9)}\n${text}`);
    // The last span of a run goes out when something shows that it was the last.
    expect([...names].sort()).toEqual(['printed', 'printed', 'line', ...alone.names, ...alone.names].sort());
    expect(formats).toEqual(['js-console', format, 'otlp-json']);
  });

  it('is told from the lines of another process', async () => {
    const [one, two] = [text.trimEnd().split('\n'), agentRun('rust-stdout').trimEnd().split('\n')];
    const lines = Array.from({ length: Math.max(one.length, two.length) }, (_, i) => [
      ...(one[i] === undefined ? [] : [`web-1  | ${one[i]}`]),
      ...(two[i] === undefined ? [] : [`web-2  | ${two[i]}`]),
    ]).flat();
    const both = await read(lines.join('\n'));
    const apart = [...(await read(text)).names, ...(await read(agentRun('rust-stdout'))).names];
    expect([...both.names].sort()).toEqual(apart.sort());
  });

  it('keeps what is whole wherever it is cut off', async () => {
    const lines = text.trimEnd().split('\n');
    const { names } = await read(text);
    for (let end = 1; end < lines.length; end++) {
      const cut = await read(lines.slice(0, end).join('\n'));
      expect(names.slice(0, cut.names.length)).toEqual(cut.names);
      expect(cut.skipped['truncated']?.[0] ?? 0).toBeLessThanOrEqual(1);
    }
  });
});

const parts = names.flatMap((format) => agentRun(format).split('\n'));
const line = fc.oneof(
  { arbitrary: fc.constantFrom(...parts), weight: 8 },
  fc.constantFrom(
    '{',
    '}',
    '',
    '  [',
    '"',
    "'",
    '#<',
    '{span,1',
    '>',
    '=>',
    '<<',
    ')',
    'Span #0',
    'Attributes:',
  ),
  fc.string({ unit: 'binary', maxLength: 12 }),
);
const damaged = fc
  .tuple(line, fc.nat({ max: 60 }))
  .map(([text, cut]) => (cut < 40 ? text : text.slice(0, cut - 40)));

describe('every format of text', () => {
  it('reads any lines into spans that keep their promises, however they come', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(damaged, { maxLength: 60 }), async (lines) => {
        const text = lines.join('\n');
        const whole = await read(text);
        for (const { traceId, spanId, parentSpanId, start, end } of whole.spans) {
          expect(traceId).toMatch(/./s);
          expect(spanId).toMatch(/./s);
          expect(parentSpanId).not.toBe('');
          for (const time of [start, end]) expect(['bigint', 'undefined']).toContain(typeof time);
        }
        expect(await read(text, { chunk: 7 })).toEqual(whole);
      }),
      { numRuns: 300 },
    );
  });

  it('says no to lines that only look a little like it', async () => {
    const lines = [
      'Resources',
      'Span #x',
      'Activity.Start: now',
      'LogRecord.Body: x',
      '{span,{1,2}}',
      '#<struct Point x=1>',
      "'name' : value [tracer: x]",
      'ResourceSpans: 5',
    ];
    expect(await read(lines.join('\n'))).toMatchObject({ names: [], skipped: { text: [8, 1] } });
  });

  it('survives values nested to any depth', async () => {
    const deep = (open: string, close: string) => open.repeat(20_000) + close.repeat(20_000);
    const rust = agentRun('rust-stdout').replace('I64(1200)', `${deep('[', ']')}`);
    expect((await read(rust)).names).toHaveLength(3);
    const ruby = agentRun('ruby-console').replace('1200', deep('[', ']'));
    expect(await read(ruby)).toMatchObject({ names: { length: 2 }, skipped: { bad_span: [1, 2] } });
    const erlang = agentRun('erlang-stdout').replace('1200', deep('{', '}'));
    expect(await read(erlang)).toMatchObject({ names: { length: 2 }, skipped: { bad_span: [1, 3] } });
    const collector = agentRun('collector-debug').replace('Int(1200)', `Slice(${deep('[', ']')})`);
    expect((await read(collector)).names).toHaveLength(3);
  });

  it('reads maps whose keys are maps, lists and numbers of any size', async () => {
    const erlang = agentRun('erlang-stdout').replace('1200', '#{[99999999999999999999] => 1,#{a => 1} => 2}');
    expect((await read(erlang)).names).toHaveLength(3);
    const ruby = agentRun('ruby-console').replace('1200', '{{:a=>1}=>2, [{:a=>1}]=>3}');
    const [span] = (await read(ruby)).spans;
    expect([...span!.attributes.values()]).toContainEqual({ '{"a":1}': 2, '[{"a":1}]': 3 });
  });

  it('sees in one pass that a line of brackets is no event', async () => {
    const text = agentRun('dotnet-console');
    const events = text.replace(
      'Activity.Kind:',
      () => `Activity.Events:\n    x${' ['.repeat(60_000)}\nActivity.Kind:`,
    );
    const before = performance.now();
    expect((await read(events)).names).toEqual((await read(text)).names);
    expect(performance.now() - before).toBeLessThan(2_000);
  });

  it('reads long values in one go', async () => {
    const long = "a, b=c \": 'x' }] ".repeat(100_000);
    const attribute = async (format: string, from: string, to: string) =>
      (await read(agentRun(format).replace(from, () => to))).spans[0]!.attributes;
    const quoted = JSON.stringify(long);
    expect((await attribute('rust-stdout', '"openai"', quoted)).get('gen_ai.system')).toBe(long);
    expect((await attribute('ruby-console', '"openai"', quoted)).get('gen_ai.system')).toBe(long);
    expect((await attribute('erlang-stdout', '"chat"', quoted)).get('gen_ai.operation.name')).toBe(long);
    expect((await attribute('collector-debug', 'Str(anthropic)', `Str(${long})`)).get('gen_ai.system')).toBe(
      long,
    );
    expect((await attribute('dotnet-console', ': openai', `: ${long}.`)).get('gen_ai.system')).toBe(
      `${long}.`,
    );
    expect(
      (await attribute('java-logging', '=openai', `=${'x'.repeat(1_000_000)}`)).get('gen_ai.system'),
    ).toHaveLength(1_000_000);
  });

  it('gives up a record that is larger than what may be held', async () => {
    const limits = { split: 1000, hold: 4000 };
    const big = agentRun('collector-debug').replace('Str(anthropic)', () => `Str(${'long\n'.repeat(2000)})`);
    const { names, skipped } = await read(`${big}${agentRun('collector-debug')}`, { limits });
    expect(skipped['too_large']).toEqual([1, expect.any(Number)]);
    expect(names.slice(-3)).toEqual(['chat claude', 'execute_tool lookup', 'invoke_agent support']);
  });

  it('is found in the message of a structured log line', async () => {
    const line = (text: string) => JSON.stringify({ level: 'info', logger: 'otel', msg: text });
    for (const format of ['collector-debug', 'java-logging', 'ruby-console'])
      expect((await read(line(agentRun(format).replace(/^.*\n/, '')))).names, format).toHaveLength(3);
  });
});
