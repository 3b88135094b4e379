import { describe, expect, it } from 'vitest';
import {
  instant,
  type Span,
  type SpanSink,
  type SpanSource,
  TOOL_RESULT_SIZE,
} from '../../src/model/index.ts';
import { load } from '../../src/pipeline.ts';
import { createPriceBook } from '../../src/pricing/index.ts';
import { spanOf } from './plain.ts';
import { PLACE, rowsOfSpans } from './span-rows.ts';
import { viewOf } from './table-view.ts';

// A document that turns out to be damaged is read again from its beginning: what its rows left behind has to go.

const call = (number: number, tokens: number | string): Span => ({
  ...spanOf({
    name: 'chat m',
    child: number % 3 > 0,
    attributes: {
      'gen_ai.operation.name': 'chat',
      'gen_ai.request.model': 'gpt-4o',
      'gen_ai.usage.input_tokens': tokens,
      'gen_ai.usage.output_tokens': number,
      'gen_ai.usage.cost_usd': number / 1000,
      'session.id': `session ${number % 4}`,
      'app.tier': `tier ${number % 2}`,
    },
  }),
  traceId: (1000 + (number >> 2)).toString(16).padStart(32, '0'),
  spanId: (1 + number).toString(16).padStart(16, '0'),
  start: instant(1_750_000_000_000_000_000n),
  end: instant(1_750_000_000_000_000_000n + BigInt(number)),
});
/** Some have counts that are none. */
const calls = Array.from({ length: 40 }, (_, number) =>
  call(number, number % 7 === 3 ? 'many' : number * 10),
);

async function loaded(feed: (sink: SpanSink) => void) {
  const source: SpanSource = {
    read: async (sink) => {
      feed(sink);
      return [];
    },
  };
  const by = ['attr:app.tier', 'resource:service.name'];
  const { forest, input } = await load(source, {
    prices: createPriceBook(),
    costMode: 'auto',
    observations: true,
    by,
  });
  const parents = [...forest.parent.subarray(0, forest.length)];
  return { rows: viewOf(forest.table, by, true), parents, input };
}

const asSpans = () =>
  loaded(({ span }) => {
    for (const one of calls) span(one, PLACE);
  });

describe('rows that are undone', () => {
  it('leave nothing behind', async () => {
    const found = await loaded(({ span, rows }) => {
      const { take } = rowsOfSpans(rows!);
      take(calls.slice(0, 17));
      rows!.undo(12);
      for (const one of calls.slice(5, 20)) span(one, PLACE);
      take(calls.slice(20));
      rows!.undo(20);
      take(calls.slice(20));
    });
    expect(found).toEqual(await asSpans());
  });

  it('leave nothing behind where they were all that was said', async () => {
    const found = await loaded(({ rows }) => {
      rowsOfSpans(rows!).take(calls);
      rows!.undo(calls.length);
    });
    expect(found).toEqual(await loaded(() => undefined));
  });

  it('do not count where no span was found in them', async () => {
    const found = await loaded(({ rows }) => {
      const { take } = rowsOfSpans(rows!, 5, (span) => span.name !== 'none');
      const none = { ...call(3, 'many'), name: 'none', status: 'error' as const };
      take([...calls.slice(0, 10), none, ...calls.slice(10, 15), none]);
      rows!.undo(7);
      take(calls.slice(10));
    });
    expect(found).toEqual(await asSpans());
  });
});

describe('the way of rows', () => {
  const offered = async (options: Partial<Parameters<typeof load>[1]>): Promise<boolean> => {
    let rows = false;
    const source: SpanSource = {
      read: async (sink) => {
        rows = sink.rows !== undefined;
        return [];
      },
    };
    await load(source, { prices: createPriceBook(), costMode: 'auto', ...options });
    return rows;
  };

  it('is offered where rows can tell what is asked', async () => {
    expect(await offered({})).toBe(true);
    expect(await offered({ by: ['user', 'attr:x', 'resource:y'], where: ['model=m'] })).toBe(true);
    expect(await offered({ observe: () => undefined })).toBe(false);
    expect(await offered({ by: [TOOL_RESULT_SIZE] })).toBe(false);
  });
});
