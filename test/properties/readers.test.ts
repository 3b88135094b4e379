import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { root } from '../agentobs.ts';
import { inProcess } from '../answer.ts';

// No byte string crashes a reader: it is read, or it is refused in a sentence.

const folder = mkdtempSync(join(tmpdir(), 'agentobs-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function survives(bytes: Uint8Array): Promise<void> {
  const path = join(folder, 'input');
  writeFileSync(path, bytes);
  const { code, stdout, stderr } = await inProcess([
    ...['trace', 'show', '--pick', 'all', '--attributes', '--logs', '--no-config', '--format', 'json'],
    path,
  ]);
  expect([0, 2]).toContain(code);
  expect(stderr).not.toMatch(/fault of agentobs|\bat .+:\d+:\d+/);
  if (code === 2) return;
  const { input, traces } = JSON.parse(stdout) as {
    input: { spans: number; complete: boolean };
    traces: readonly { duration_ms: number | null; cost_usd: string | null }[];
  };
  expect(Number.isSafeInteger(input.spans)).toBe(true);
  for (const { duration_ms, cost_usd } of traces) {
    expect(duration_ms ?? 0).toBeGreaterThanOrEqual(0);
    if (cost_usd !== null) expect(cost_usd).toMatch(/^\d+(\.\d+)?$/);
  }
}

/** What readers look for, so that random bytes get past the first check. */
const bait = fc.constantFrom(
  ...[
    '{"resourceSpans":[{"scopeSpans":[{"spans":[',
    '{"traceId":"',
    '"spanId":"',
    '"startTimeUnixNano":',
    '}]}',
    '[',
    '{',
  ],
  ...[
    '{\n  resource: {',
    "  traceId: '",
    "\n  id: '",
    '\n}\n',
    '"context":{"trace_id":"0x',
    '"SpanContext":',
    '"\n',
    ',',
  ],
  ...[
    '{"data":[{"traceID":"1","spans":[',
    '"processes":{',
    '[{"traceId":"1","id":"2","timestamp":',
    '"__proto__":',
    '1e999',
  ],
  ...[
    '\x1f\x8b\x08\0',
    '\x28\xb5\x2f\xfd',
    '\0\0\0\x08{',
    '\x0a\x10\x0a\x02',
    '\ufeff',
    '\x1b[32m',
    '\0',
    '\r\n',
    '\\u0000',
  ],
  ...[
    '{"log":"{\\"resourceSpans\\":[]}\\n","stream":"stdout","time":"',
    '2026-02-04T10:12:03Z stdout P ',
    'app-1  | ',
  ],
);

const noise = fc
  .array(
    fc.oneof(
      { weight: 3, arbitrary: bait.map((text) => Buffer.from(text)) },
      fc.uint8Array({ maxLength: 12 }),
    ),
    {
      maxLength: 20,
    },
  )
  .map((pieces) => Buffer.concat(pieces));

const documents = readdirSync(join(root, 'fixtures'), { recursive: true, encoding: 'utf8' })
  .filter(
    (name) =>
      /^(?:formats|hostile|demo)\//.test(name.replaceAll('\\', '/')) && !name.endsWith('.expected.json'),
  )
  .map((name) => join(root, 'fixtures', name))
  .filter((path) => statSync(path).isFile() && statSync(path).size < 20_000)
  .map((path) => readFileSync(path));

/** A real document with some bytes changed, cut out, or doubled. */
const damaged = fc
  .record({
    document: fc.constantFrom(...documents),
    edits: fc.array(
      fc.record({
        at: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
        remove: fc.nat(40),
        insert: fc.oneof(
          fc.uint8Array({ maxLength: 4 }),
          bait.map((text) => Buffer.from(text)),
        ),
      }),
      { minLength: 1, maxLength: 4 },
    ),
  })
  .map(({ document, edits }) =>
    edits.reduce<Buffer>((bytes, { at, remove, insert }) => {
      const from = Math.floor(at * bytes.length);
      return Buffer.concat([bytes.subarray(0, from), insert, bytes.subarray(from + remove)]);
    }, document),
  );

describe('readers', () => {
  it('survive any bytes', { timeout: 120_000 }, async () => {
    await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), survives), { numRuns: 150 });
  });

  it('survive bytes that look like telemetry', { timeout: 120_000 }, async () => {
    await fc.assert(fc.asyncProperty(noise, survives), { numRuns: 400 });
  });

  it('survive damaged documents', { timeout: 120_000 }, async () => {
    expect(documents.length).toBeGreaterThan(20);
    await fc.assert(fc.asyncProperty(damaged, survives), { numRuns: 400 });
  });
});
