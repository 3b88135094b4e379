import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../../fuzz/random.ts';
import { wireInput } from '../../fuzz/wire.ts';
import { WireComparison } from '../../fuzz/wire-rows.ts';
import { openInputs } from '../../src/input/index.ts';
import type { ScannerChoice } from '../../src/input/row-lane.ts';
import { type Place, ROW, ROW_WORDS, type RowPlan, type RowSink, type Span } from '../../src/model/index.ts';
import { load } from '../../src/pipeline.ts';
import { createPriceBook } from '../../src/pricing/index.ts';
import { root } from '../agentobs.ts';
import { viewOf } from '../normalize/table-view.ts';

// Protobuf by rows says what protobuf by objects says, whatever the bytes.

const scratch = mkdtempSync(join(tmpdir(), 'agentobs-wire-'));
afterAll(() => rmSync(scratch, { recursive: true }));
const COLUMNS = ['attr:session.id', 'resource:service.name'];
const prices = createPriceBook();

async function loaded(bytes: Uint8Array, scanner: ScannerChoice | undefined) {
  const file = join(scratch, 'spans.pb');
  writeFileSync(file, bytes);
  const source = await openInputs([file], { stdin: process.stdin, scanner, threads: 1 });
  let objects = 0;
  let withoutPattern = 0;
  const rowsOf = (rows: RowSink | undefined): RowSink | undefined =>
    rows && {
      plan: rows.plan,
      undo: rows.undo,
      from: (maker) => {
        const take = rows.from(maker);
        return (batch) => {
          for (let row = 0; row < batch.count; row++)
            if (batch.words[row * ROW_WORDS + ROW.pattern] === 0) withoutPattern++;
          take(batch);
        };
      },
    };
  const counted = {
    read: (...[sink, projection]: Parameters<typeof source.read>) => {
      const span = (one: Span, at: Place): void => {
        objects++;
        sink.span(one, at);
      };
      return source.read({ ...sink, span, rows: scanner && rowsOf(sink.rows) }, projection);
    },
  };
  const { forest, input } = await load(counted, {
    prices,
    costMode: 'auto',
    observations: true,
    by: COLUMNS,
  });
  await source.close();
  return {
    objects,
    withoutPattern,
    found: { view: viewOf(forest.table, COLUMNS, true), input, parents: [...forest.parent] },
  };
}

async function expectEqual(bytes: Uint8Array, scanner: ScannerChoice) {
  const slow = await loaded(bytes, undefined);
  const quick = await loaded(bytes, scanner);
  expect(quick.found).toEqual(slow.found);
  return { slow: slow.objects, quick: quick.objects, withoutPattern: quick.withoutPattern };
}

/** Messages behind their lengths, as bare messages. */
function bare(bytes: Buffer): Buffer {
  const messages: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = bytes.readUInt32BE(at);
    messages.push(bytes.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return Buffer.concat(messages);
}

let prefixed: Buffer;
beforeAll(async () => {
  const { generate } = await import(pathToFileURL(join(root, 'bench/generate.js')).href);
  const out = join(scratch, 'generated');
  generate({ runs: 12, seed: 3, format: 'proto', mix: 'dialects', out });
  prefixed = readFileSync(out);
});

describe.each(['ts', 'wasm'] as const)('protobuf by rows of %s', (scanner) => {
  it('says the same of generated spans, all of which are rows, failed ones too', async () => {
    const { slow, quick, withoutPattern } = await expectEqual(prefixed, scanner);
    expect(slow).toBeGreaterThan(80);
    expect(prefixed.includes('exception.type')).toBe(true);
    expect([quick, withoutPattern]).toEqual([0, 0]);
    await expectEqual(bare(prefixed), scanner);
  });

  it.each(['sdk-1.30', 'sdk-2.12'])('says the same of what %s sends', async (name) => {
    const bytes = readFileSync(join(root, `fixtures/formats/otlp-proto/${name}.pb`));
    await expectEqual(Buffer.concat([bytes, bytes, bytes]), scanner);
  });

  it('says the same of damaged bytes', async () => {
    const whole = bare(prefixed).subarray(0, 9000);
    const damage = fc.array(
      fc.record({ at: fc.nat(whole.length - 1), byte: fc.nat(255), remove: fc.nat({ max: 2 }) }),
      { minLength: 1, maxLength: 4 },
    );
    await fc.assert(
      fc.asyncProperty(damage, async (changes) => {
        let bytes = Buffer.from(whole);
        for (const { at, byte, remove } of changes) {
          const place = Math.min(at, bytes.length - 1);
          bytes = Buffer.concat([
            bytes.subarray(0, place),
            Buffer.of(byte),
            bytes.subarray(Math.min(bytes.length, place + remove)),
          ]);
        }
        await expectEqual(bytes, scanner);
      }),
      { numRuns: 60 },
    );
  });
});

describe('rows of protobuf, and the spans of its reader', () => {
  const plan: RowPlan = {
    keys: [
      { key: 'op', use: 'constant' },
      { key: 'user', use: 'text' },
      { key: 'in', use: 'count' },
      { key: 'cost', use: 'amount' },
      { key: 'id', use: 'answer' },
      { key: 'msg', use: 'presence' },
      { key: 'why', use: 'passage' },
      { key: 'message', of: 'status', use: 'passage' },
      { key: 'exception.type', of: 'exception', use: 'passage' },
    ],
    blanks: ['', 'null', '"'],
    events: new Set(['gen_ai.choice']),
  };
  const comparison = (window: number) => new WireComparison(plan, ['ts', 'wasm'], window);

  /** The first request from a seed on that is short and has rows of patterns. */
  async function someRequest(seed: number): Promise<Buffer> {
    for (let i = seed; ; i++) {
      const bytes = wireInput(plan, new Random(i));
      const all = comparison(64);
      if (bytes.length < 600) await all.check(bytes, bytes.length);
      if (all.withPattern > 4) return bytes;
    }
  }

  it('are the same of random requests, most of which have patterns', async () => {
    const random = new Random(5);
    for (const window of [1, 50, 5000]) {
      const all = comparison(window);
      for (let i = 0; i < 40; i++) {
        const bytes = wireInput(plan, random);
        await all.check(bytes, 1 + random.below(bytes.length + 1));
      }
      expect(all.compared).toBeGreaterThan(500);
      expect(all.withPattern).toBeGreaterThan(all.compared / 3);
    }
  });

  it.each([1, 100])('are the same wherever a request ends', async (seed) => {
    const bytes = await someRequest(seed);
    const all = comparison(64);
    for (let end = 0; end <= bytes.length; end++) await all.check(bytes.subarray(0, end), 100);
    expect(all.withPattern).toBeGreaterThan(0);
  });

  it.each([200, 300])('are the same whichever bit of a request is another', async (seed) => {
    const bytes = await someRequest(seed);
    const all = comparison(64);
    for (let bit = 0; bit < 8 * bytes.length; bit += 1 + (bit % 5)) {
      const changed = Buffer.from(bytes);
      changed[bit >> 3]! ^= 1 << (bit & 7);
      await all.check(changed, 5000);
    }
    expect(all.withPattern).toBeGreaterThan(0);
  });

  it.each([0, -0, 1.5, Number.NaN, Infinity])('are the same where something is %d', async (value) => {
    const told = Buffer.alloc(9, 0x21);
    told.writeDoubleLE(value, 1);
    const attributes = ['op', 'user', 'in', 'cost', 'msg', 'why'].map((key) =>
      field(9, Buffer.concat([field(1, Buffer.from(key)), field(2, told)])),
    );
    const ids = [field(1, Buffer.alloc(16, 1)), field(2, Buffer.alloc(8, 2)), field(5, Buffer.from('run'))];
    for (const attribute of attributes) {
      const span = field(2, Buffer.concat([...ids, time(0x39), time(0x41), attribute]));
      const all = comparison(1000);
      await all.check(field(1, field(2, span)), 900);
      expect(all.compared).toBe(2);
    }
  });

  it('are the same where more rows are in a request than one scan can have', async () => {
    const [resource, scope] = [field(1, Buffer.alloc(0)), field(1, field(1, Buffer.from('lib')))];
    const span = (i: number) => {
      const id = Buffer.alloc(8);
      id.writeUInt32BE(i + 1);
      const fields = [field(1, Buffer.alloc(16, 1)), field(2, id), field(5, Buffer.from('run'))];
      return field(2, Buffer.concat([...fields, time(0x39), time(0x41)]));
    };
    const spans = Buffer.concat([scope, ...Array.from({ length: 3000 }, (_, i) => span(i))]);
    const all = comparison(1000);
    await all.check(field(1, Buffer.concat([resource, field(2, spans)])), 900);
    expect(all.withPattern).toBe(6000);
  });
});

/** A time of 1.79e18 nanoseconds behind its tag. */
function time(tag: number): Buffer {
  const bytes = Buffer.alloc(9, tag);
  bytes.writeBigUInt64LE(1_790_000_000_000_000_000n, 1);
  return bytes;
}

/** A field that begins with its length. */
function field(number: number, content: Buffer): Buffer {
  const length: number[] = [];
  let rest = content.length;
  for (; rest > 127; rest >>>= 7) length.push((rest & 127) | 128);
  return Buffer.concat([Buffer.from([number * 8 + 2, ...length, rest]), content]);
}
