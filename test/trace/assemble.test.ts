import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AttributeValue, Forest } from '../../src/model/index.ts';
import { assemble } from '../../src/trace/index.ts';
import { type Sketch, spanId, tableOf, traceId } from './table.ts';

/** A forest as nested lists of names: what a tree says, without positions. */
function drawn(forest: Forest): string[] {
  const lines: string[] = [];
  for (let p = 0; p < forest.length; p++) {
    lines.push(`${'  '.repeat(forest.depth[p]!)}${forest.table.nameOf(forest.row[p]!)}`);
  }
  return lines;
}

describe('assemble', () => {
  it('orders children by start, then span id', () => {
    const forest = assemble(
      tableOf([
        { id: 'c', parent: 'a', from: 20, to: 30 },
        { id: 'b2', parent: 'a', from: 10, to: 15 },
        { id: 'b1', parent: 'a', from: 10, to: 12 },
        { id: 'a', from: 0, to: 40 },
      ]),
    );
    expect(drawn(forest)).toEqual(['a', '  b1', '  b2', '  c']);
    expect([...forest.size]).toEqual([4, 1, 1, 1]);
  });

  it('keeps orphans, cycles and self-parents, each once, and says so', () => {
    const forest = assemble(
      tableOf([
        { id: '1', name: 'root', from: 0, to: 9 },
        { id: '2', name: 'orphan', parent: 'dead', from: 1, to: 2 },
        { id: '3', name: 'below orphan', parent: '2', from: 1, to: 2 },
        { id: '4', name: 'self', parent: '4', from: 2, to: 3 },
        { id: '5', name: 'x', parent: '7', from: 5, to: 6 },
        { id: '6', name: 'y', parent: '5', from: 4, to: 6 },
        { id: '7', name: 'z', parent: '6', from: 6, to: 7 },
      ]),
    );
    expect(drawn(forest)).toEqual(['root', 'orphan', '  below orphan', 'self', 'y', '  z', '    x']);
    expect([...forest.row].flatMap((_, p) => forest.top(p) ?? []).sort()).toEqual([
      'cycle',
      'orphan',
      'root',
      'self_parent',
    ]);
    expect(forest.counts).toMatchObject({ unique: 7, roots: 2, orphans: 1 });
    expect(forest.warnings.map(({ kind }) => kind).sort()).toEqual(['cycle', 'self_parent']);
    expect(forest.warnings.find(({ kind }) => kind === 'cycle')?.first).toContain('0000000000000005');
  });

  it('counts a resent span once; what most reports say stands, with a warning', () => {
    const call = { id: '2', parent: '1', kind: 'llm', from: 1, to: 2 } as const;
    const root = { id: '1', from: 0, to: 9 };
    const forest = assemble(
      tableOf([
        { ...call, tokens: [999, 1] },
        root,
        { ...call, tokens: [200, 20] },
        { ...call, tokens: [200, 20] },
        root,
      ]),
    );
    expect(forest.counts).toMatchObject({ spans: 5, unique: 2, duplicates: 3 });
    expect(forest.table.usageOf(forest.row[1]!, 'reportedInput')).toBe(200);
    expect(forest.warnings).toEqual([
      { kind: 'conflicting_duplicate', count: 1, first: `span 0000000000000002 of trace ${traceId('f')}` },
    ]);
  });

  it('chooses between reports that differ only in whom they name by content, not by order', () => {
    const reports = ['ben', 'ana'].map((user) => ({ id: '1', from: 0, to: 9, text: { user } }));
    const [first, second] = [reports, reports.toReversed()].map((rows) => {
      const { table, row } = assemble(tableOf(rows));
      return table.textOf('user', row[0]!);
    });
    expect(first).toBe(second);
  });

  it('compares reports whose resources hold records and lists', () => {
    const record = (host: string): AttributeValue => Object.assign(Object.create(null), { host, id: 5n });
    const resources = [record('a'), record('b'), [record('a')]].map((value) => ({
      attributes: new Map([['process', value]]),
    }));
    const reports = resources.map((resource) => ({ id: '1', from: 0, to: 9, resource }));
    const [first, second] = [reports, reports.toReversed()].map((rows) => {
      const { table, row } = assemble(tableOf(rows));
      return table.resourceOf(row[0]!);
    });
    expect(first).toBe(second);
  });

  it('takes the report that has ended over the one sent while the span was open, without a warning', () => {
    const open = { id: '1', name: 'run', from: 0, to: undefined };
    const forest = assemble(tableOf([open, { id: '1', name: 'run', from: 0, to: 5, tokens: [1, 1] }, open]));
    expect(forest.duration(0)).toBe(5_000_000);
    expect(forest.warnings).toEqual([]);
  });

  it('keeps both halves of a Zipkin call: the server below the client, children below the server', () => {
    const forest = assemble(
      tableOf([
        { id: '2', name: 'work', parent: 'b', from: 3, to: 4, half: 'owner' },
        { id: 'b', name: 'server', parent: 'a', from: 2, to: 5, half: 'shared', spanKind: 'server' },
        { id: 'b', name: 'client', parent: 'a', from: 1, to: 6, half: 'owner', spanKind: 'client' },
        { id: 'a', name: 'root', from: 0, to: 7, half: 'owner' },
      ]),
    );
    expect(drawn(forest)).toEqual(['root', '  client', '    server', '      work']);
  });

  it('knows the parents that spans name, found or not, once their ids are gone from the table', () => {
    const forest = assemble(
      tableOf([
        { id: '1', name: 'root', from: 0, to: 9 },
        { id: '2', name: 'child', parent: '1', from: 1, to: 2 },
        { id: '3', name: 'orphan', parent: 'dead', from: 2, to: 3 },
        { id: '4', name: 'itself', parent: '4', from: 3, to: 4 },
        { id: '5', name: 'client', from: 5, to: 8, half: 'owner' },
        { id: '5', name: 'server', from: 6, to: 7, half: 'shared' },
      ]),
    );
    const parents = [...forest.row].map((row, p) => [forest.table.nameOf(row), forest.parentIdOf(p)]);
    expect(Object.fromEntries(parents)).toEqual({
      root: undefined,
      child: spanId('1'),
      orphan: spanId('dead'),
      itself: spanId('4'),
      client: undefined,
      server: undefined,
    });
  });

  it('leaves out times that would make a run last for years, and keeps the span', () => {
    const forest = assemble(
      tableOf([
        { id: '1', from: 0, to: 100 },
        { id: '2', parent: '1', from: 10, to: 20 },
        { id: '3', parent: '1', from: -1_700_000_000_000, to: -1_699_999_999_000 },
      ]),
    );
    expect(forest.traceDuration(0)).toBe(100_000_000);
    expect(forest.offset(2)).toBeUndefined();
    expect(forest.warnings[0]?.kind).toBe('bad_time');
  });

  it('links 200,000 spans in one chain and 200,000 under one parent', () => {
    const chain: Sketch[] = [];
    for (let i = 1; i <= 200_000; i++) {
      chain.push({
        id: i.toString(16),
        ...(i > 1 ? { parent: (i - 1).toString(16) } : {}),
        from: i / 1000,
        to: 500,
      });
    }
    const deep = assemble(tableOf(chain));
    expect(deep.depth[deep.length - 1]).toBe(199_999);
    const wide = assemble(tableOf(chain.map((s, i) => (i === 0 ? s : { ...s, parent: '1' }))));
    expect(wide.size[0]).toBe(200_000);
  });

  it('does not depend on the order of rows', () => {
    const sketch = fc.record({
      id: fc.integer({ min: 1, max: 12 }).map((n) => n.toString(16)),
      parent: fc.option(
        fc.integer({ min: 1, max: 14 }).map((n) => n.toString(16)),
        { nil: undefined },
      ),
      trace: fc.constantFrom('a', 'b'),
      from: fc.integer({ min: 0, max: 5 }),
      name: fc.constantFrom('x', 'y'),
    });
    const shuffled = fc
      .array(sketch, { maxLength: 24 })
      .chain((sketches) =>
        fc.tuple(fc.constant(sketches), fc.shuffledSubarray(sketches, { minLength: sketches.length })),
      );
    fc.assert(
      fc.property(shuffled, ([sketches, other]) => {
        const full = (list: typeof sketches): Sketch[] =>
          list.map(({ parent, ...rest }) => ({
            ...rest,
            to: rest.from + 1,
            ...(parent === undefined ? {} : { parent }),
          }));
        const one = assemble(tableOf(full(sketches)));
        const two = assemble(tableOf(full(other)));
        expect(ids(two)).toEqual(ids(one));
        expect(two.counts).toEqual(one.counts);
      }),
    );
  });
});

function ids(forest: Forest): string[] {
  return [...forest.row].map((row, p) => {
    const { table } = forest;
    return `${forest.depth[p]} ${table.traceIdOf(row)} ${table.spanIdOf(row)} ${forest.parentIdOf(p)} ${table.nameOf(row)}`;
  });
}
