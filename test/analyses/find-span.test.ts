import { describe, expect, it } from 'vitest';
import { findSpan, type SpanPick } from '../../src/analyses/find-span.ts';
import { spanId, traceId } from '../trace/table.ts';
import { datasetOf } from './dataset.ts';

const DATA = datasetOf([
  { id: 'a1', trace: '1', name: 'agent', kind: 'agent', from: 0, to: 90 },
  {
    id: 'b1',
    trace: '1',
    parent: 'a1',
    name: 'chat',
    kind: 'llm',
    from: 1,
    to: 9,
    tokens: [100, 10],
    text: { model: 'm' },
  },
  {
    id: 'b2',
    trace: '1',
    parent: 'a1',
    name: 'chat',
    kind: 'llm',
    from: 10,
    to: 30,
    tokens: [900, 90],
    text: { model: 'm' },
  },
  {
    id: 'c1',
    trace: '1',
    parent: 'a1',
    name: 'run',
    kind: 'tool',
    from: 31,
    to: 60,
    failed: true,
    text: { tool: 'test' },
  },
  { id: 'a1', trace: '2', name: 'agent', kind: 'agent', from: 100, to: 101 },
  {
    id: 'd1',
    trace: '2',
    parent: 'a1',
    name: 'chat',
    kind: 'llm',
    from: 100,
    to: 101,
    tokens: [5, 5],
    text: { model: 'new' },
  },
]);

function found(wanted: string | undefined, pick?: SpanPick): string {
  const { table, row } = DATA.forest;
  const r = row[findSpan(DATA, wanted, pick)]!;
  return `${table.traceIdOf(r).at(-1)}:${table.spanIdOf(r).slice(-2)}`;
}

describe('findSpan', () => {
  it.each([
    ['the whole id', spanId('b1'), '1:b1'],
    ['in another case', spanId('b1').toUpperCase(), '1:b1'],
    ['as Python writes it', `0x${spanId('b1')}`, '1:b1'],
    ['trace and span', `${traceId('2')}:${spanId('a1')}`, '2:a1'],
    ['trace/span', `${traceId('1')}/${spanId('a1')}`, '1:a1'],
    ['a step', 'tool test', '1:c1'],
    ['a name', 'run', '1:c1'],
    ['a step of one', 'llm new', '2:d1'],
  ])('%s', (_what, wanted, expected) => {
    expect(found(wanted)).toBe(expected);
  });

  it.each<[SpanPick, string]>([
    ['costliest', '1:b2'],
    ['slowest', '1:a1'],
    ['latest', '2:a1'],
    ['error', '1:c1'],
    ['unpriced', '2:d1'],
  ])('--pick %s', (pick, expected) => {
    expect(found(undefined, pick)).toBe(expected);
  });

  it('picks among what is named', () => {
    expect(found('llm m', 'costliest')).toBe('1:b2');
    expect(found('chat', 'latest')).toBe('2:d1');
  });

  it('lists the candidates where it stays open', () => {
    expect(() => found(spanId('a1'))).toThrow(/2 spans are meant/);
    expect(() => found('llm m')).toThrow(
      expect.objectContaining({ hint: expect.stringContaining(spanId('b2')) }),
    );
    expect(() => found('0000')).toThrow(/6 spans are meant/);
  });

  it('says what was meant where nothing fits', () => {
    expect(() => found('tool tests')).toThrow(
      expect.objectContaining({ hint: expect.stringContaining("Did you mean 'tool test'?") }),
    );
    expect(() => findSpan({ ...DATA, selected: () => false }, undefined, 'slowest')).toThrow(
      /no span meets the filters/,
    );
  });
});
