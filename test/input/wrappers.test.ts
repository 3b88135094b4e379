import { describe, expect, it } from 'vitest';
import { consoleLines, otlp, read } from './reading.ts';

const json = (value: unknown) => JSON.stringify(value);
const a = json(otlp('a'));
const time = (i: number) => `2026-11-21T02:40:20.${String(411 + i).padStart(9, '0')}Z`;
const block = [...consoleLines('a'), 'listening on 3000', a.replace('"a"', '"b"')];

/** Every way to wrap one line of a stream. */
const WRAPPED: readonly [name: string, wrap: (line: string, i: number) => string][] = [
  ['CRI', (line, i) => `${time(i)} stdout F ${line}`],
  ['kubectl logs --timestamps', (line, i) => `${time(i)} ${line}`],
  ['kubectl logs --prefix', (line) => `[pod/agent-7d9c6b/agent] ${line}`],
  ['kubectl logs --prefix --timestamps', (line, i) => `[pod/agent-7d9c6b/agent] ${time(i)} ${line}`],
  ['docker compose', (line) => `agent-1  | ${line}`],
  ['docker compose in colour, with times', (line, i) => `\x1b[36magent-1  | \x1b[0m${time(i)} ${line}`],
  ['journalctl', (line, i) => `Nov 21 02:40:${10 + i} host-1 node[4242]: ${line}`],
  ['journalctl -o short-iso', (line, i) => `2026-11-21T02:40:${10 + i}+0000 host-1 node[4242]: ${line}`],
  ['syslog', (line, i) => `<34>1 ${time(i)} host agent 4242 ID47 - ${line}`],
  ['GitHub Actions', (line, i) => `2026-11-21T02:40:${10 + i}.4113000Z ${line}`],
  ['gh run view --log', (line, i) => `build\tRun agent\t2026-11-21T02:40:${10 + i}.4113000Z ${line}`],
  ['Heroku', (line, i) => `2026-11-21T02:40:${10 + i}.716000+00:00 app[web.1]: ${line}`],
  ['foreman', (line, i) => `02:40:${10 + i} web.1   | ${line}`],
  ['Docker json-file', (line, i) => json({ log: `${line}\n`, stream: 'stdout', time: time(i) })],
  ['Fluent Bit, without line feeds', (line, i) => json({ log: line, stream: 'stdout', time: time(i) })],
  ['Fluent Bit, CRI', (line, i) => json({ time: time(i), stream: 'stdout', logtag: 'F', log: line })],
  ['journalctl -o json', (line) => json({ __REALTIME_TIMESTAMP: '1', _PID: '7', MESSAGE: line })],
  [
    'journalctl -o json, as bytes',
    (line) => json({ __REALTIME_TIMESTAMP: '1', _PID: '7', MESSAGE: [...Buffer.from(`\x1b[32m${line}`)] }),
  ],
  ['pino', (line) => json({ level: 30, time: 1, pid: 4242, hostname: 'h', msg: line })],
  ['winston', (line) => json({ level: 'info', message: line, timestamp: 'now' })],
  ['Google Cloud', (line) => json({ insertId: 'x', textPayload: line, severity: 'INFO' })],
  ['CloudWatch', (line) => json({ '@timestamp': 'x', '@message': line })],
  [
    'a logger in a container',
    (line, i) => json({ log: `${json({ msg: line })}\n`, stream: 'stderr', time: time(i) }),
  ],
  ['colours around all of it', (line) => `\x1b[90m${line}\x1b[39m`],
  ['an unknown shipper', (line, i) => `#${i} ~> ${line}`],
];

describe('wrappers', () => {
  it.each(WRAPPED)('%s', async (_, wrap) => {
    const { names, skipped } = await read(block.map(wrap).join('\n'));
    expect(names).toEqual(['a', 'b']);
    expect(Object.values(skipped)).toEqual([[1, 19]]);
  });

  it('keep the streams of several processes apart', async () => {
    const one = consoleLines('a', '00000000000000aa');
    const two = consoleLines('b', '00000000000000bb');
    const wraps: ((service: string, line: string) => string)[] = [
      (service, line) => `${service}-1  | ${line}`,
      (service, line) => `[pod/${service}/main] ${line}`,
      (service, line) => `${time(0)} ${service === 'a' ? 'stdout' : 'stderr'} F ${line}`,
      (service, line) => `Nov 21 02:40:17 host ${service}[1]: ${line}`,
      (service, line) => json({ log: `${line}\n`, stream: service === 'a' ? 'stdout' : 'stderr', time: '' }),
      (service, line) => json({ _PID: service, MESSAGE: line }),
      (service, line) => json({ pid: service, msg: line }),
      (service, line) => `${service} says: ${line}`,
    ];
    for (const wrap of wraps) {
      const mixed = one.flatMap((line, i) => [wrap('a', line), wrap('b', two[i]!)]).join('\n');
      const { names, skipped } = await read(mixed);
      expect([...names].sort(), mixed.slice(0, 100)).toEqual(['a', 'b']);
      expect(skipped).toEqual({});
    }
  });

  it('join pieces of a line that was too long for them', async () => {
    const long = json(otlp('a', 'x'.repeat(40_000), 'c'));
    const pieces = (size: number) => long.match(new RegExp(`.{1,${size}}`, 'g'))!;
    const cri = pieces(8192).map(
      (piece, i, all) => `${time(i)} stdout ${i + 1 < all.length ? 'P' : 'F'} ${piece}`,
    );
    const other = json({ log: 'noise\n', stream: 'stderr', time: '' });
    const docker = (size: number) =>
      pieces(size).flatMap((piece, i, all) => [
        json({ log: i + 1 < all.length ? piece : `${piece}\n`, stream: 'stdout', time: '' }),
        other,
      ]);
    const journal = pieces(9000).map((piece, i, all) =>
      json({ _PID: '1', MESSAGE: piece, ...(i + 1 < all.length ? { _LINE_BREAK: 'line-max' } : {}) }),
    );
    for (const lines of [cri, docker(16_384), docker(4096), [other, ...docker(4096)], journal]) {
      const { names, skipped, places } = await read(lines.join('\n'));
      expect(names.map((name) => name[0])).toEqual(['a', 'x', 'c']);
      expect(Object.keys(skipped).filter((reason) => reason !== 'text')).toEqual([]);
      expect(places[0]).toBe(lines[0] === other ? 2 : 1);
    }
  });

  it('that end in the middle of a line lose that line only', async () => {
    const lines = [a, `${a}`.slice(0, 300)].map((line, i) => `${time(i)} stdout ${'FP'[i]} ${line}`);
    const { names, skipped } = await read(lines.join('\n'));
    expect(names).toEqual(['a']);
    expect(skipped).toEqual({ truncated: [1, 2] });
  });

  it('leave structured log lines that name a span to be logs', async () => {
    const line = {
      level: 'info',
      msg: 'paid {order}',
      trace_id: '5b8efff798038103d269b633813fc60c',
      span_id: '0000000000000001',
    };
    expect(await read(json(line))).toMatchObject({ logs: 1, skipped: {}, names: [] });
    expect(await read(json({ ...line, msg: a }))).toMatchObject({ logs: 0, names: ['a'] });
  });
});

describe('values between words', () => {
  it.each([
    ['behind a logger', `2026-11-21 INFO otlp ${a}`],
    ['behind labels in braces', `2026-11-21T02:40:20Z {app="x", pod="y"} ${a}`],
    ['behind other JSON', `{"level":"info"} ${a}`],
    ['before more text', `sent ${a} in 3 ms`],
    ['in brackets', `[otel] (${a})`],
    ['in braces that are no value', `{stream=${a}}`],
    ['coloured inside', `\x1b[36mINFO\x1b[39m ${a.replaceAll(/"(\w+)":/g, '\x1b[34m"$1"\x1b[0m:')}`],
    ['as an array', `export: [${a}]`],
    ['escaped, as logfmt writes it', `level=info msg=${json(a)} n=1`],
    ['with its quotes doubled, as CSV has it', `1,"${a.replaceAll('"', '""')}",x`],
    ['after a record separator', `\x1e${a}\n`],
    ['behind a stray byte order mark', `\ufeff${a}`],
    ['with white space around it', `  ${a} \t`],
  ])('%s', async (_, text) => {
    expect((await read(text)).names).toEqual(['a']);
  });

  it('are all found when they are glued together', async () => {
    const many = Array.from({ length: 50 }, (_, i) => json(otlp(`s${i}`)));
    expect((await read(many.join(''))).names).toHaveLength(50);
    expect((await read(many.join('\x1e'))).names).toHaveLength(50);
    expect((await read(`[${many.join(',')}]`)).names).toHaveLength(50);
  });

  it('do not make text or unknown records telemetry', async () => {
    const text = [
      'plain',
      'WARN {not json}',
      'a {b} {c: 1} {',
      '{',
      '}',
      '{"a":1}',
      '[1]',
      '[info] x',
      '{ "b": 2 }',
      'don\'t {"c":3} it',
    ];
    const { names, skipped } = await read(text.join('\n'));
    expect(names).toEqual([]);
    // The two lone brackets are an empty object.
    expect(skipped).toEqual({ text: [6, 1], other_json: [3, 4] });
  });

  it('take writers whose names are objects for nameless ones', async () => {
    const odd = { toString: 1, valueOf: 1 };
    const pod = { namespace_name: odd, pod_name: [odd] };
    const lines = [
      { log: a, stream: 'stdout', kubernetes: pod },
      { MESSAGE: a, _PID: odd },
    ];
    expect((await read(lines.map(json).join('\n'))).names).toEqual(['a', 'a']);
  });
});
