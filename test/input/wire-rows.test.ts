import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openInputs } from '../../src/input/index.ts';
import { type Place, ROW, ROW_WORDS, type RowSink, type Span } from '../../src/model/index.ts';
import { load } from '../../src/pipeline.ts';
import { createPriceBook } from '../../src/pricing/index.ts';
import { root } from '../agentobs.ts';
import { viewOf } from '../normalize/table-view.ts';

// Protobuf by rows says what protobuf by objects says, whatever the bytes.

const scratch = mkdtempSync(join(tmpdir(), 'agentobs-wire-'));
afterAll(() => rmSync(scratch, { recursive: true }));
const COLUMNS = ['attr:session.id', 'resource:service.name'];
const prices = createPriceBook();

async function loaded(bytes: Uint8Array, withRows: boolean) {
  const file = join(scratch, 'spans.pb');
  writeFileSync(file, bytes);
  const source = await openInputs([file], { stdin: process.stdin });
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
      return source.read({ ...sink, span, rows: withRows ? rowsOf(sink.rows) : undefined }, projection);
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

async function expectEqual(bytes: Uint8Array) {
  const slow = await loaded(bytes, false);
  const quick = await loaded(bytes, true);
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

describe('protobuf by rows', () => {
  it('says the same of generated spans, all of which are rows, failed ones too', async () => {
    const { slow, quick, withoutPattern } = await expectEqual(prefixed);
    expect(slow).toBeGreaterThan(80);
    expect(prefixed.includes('exception.type')).toBe(true);
    expect([quick, withoutPattern]).toEqual([0, 0]);
    await expectEqual(bare(prefixed));
  });

  it.each(['sdk-1.30', 'sdk-2.12'])('says the same of what %s sends', async (name) => {
    const bytes = readFileSync(join(root, `fixtures/formats/otlp-proto/${name}.pb`));
    await expectEqual(Buffer.concat([bytes, bytes, bytes]));
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
        await expectEqual(bytes);
      }),
      { numRuns: 120 },
    );
  });
});
