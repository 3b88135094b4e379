import { describe, expect, it } from 'vitest';
import { assemble, attribute, type ResourceIdentity } from '../../src/trace/index.ts';
import { type Sketch, tableOf } from './table.ts';

const KEYS: ResourceIdentity = {
  user: ['user.id'],
  organization: [],
  workspace: [],
  session: [],
  workflow: [],
};

function attributed(
  sketches: readonly Sketch[],
  field: 'user' | 'workflow' | 'tool' | 'agent',
): Record<string, string> {
  const forest = assemble(tableOf(sketches));
  const ids = attribute(forest, KEYS)[field];
  const entries = [...forest.row].map((row, p) => [
    forest.table.nameOf(row),
    forest.table.strings.text(ids(p)) ?? '-',
  ]);
  return Object.fromEntries(entries);
}

describe('attribute', () => {
  it('takes the customer an application served only where a trace names no user', () => {
    const call = { id: 'b', parent: 'a', from: 1, to: 8, text: { customer: 'shop-7' } };
    const root = { id: 'a', from: 0, to: 9 };
    expect(attributed([root, call], 'user')).toEqual({ a: 'shop-7', b: 'shop-7' });
    expect(attributed([{ ...root, text: { user: 'ana' } }, call], 'user')).toEqual({ a: 'ana', b: 'ana' });
    const aside = { id: 'c', parent: 'a', from: 1, to: 2, text: { user: 'ana' } };
    expect(attributed([root, call, aside], 'user')).toEqual({ a: 'ana', b: 'ana', c: 'ana' });
    const process = { resource: { attributes: new Map([['user.id', 'ana']]) } };
    expect(
      attributed(
        [
          { ...root, ...process },
          { ...call, ...process },
        ],
        'user',
      ),
    ).toEqual({
      a: 'ana',
      b: 'ana',
    });
  });

  it('takes the own value, else the nearest ancestor, else the only value of the trace', () => {
    expect(
      attributed(
        [
          { id: 'a', from: 0, to: 9 },
          { id: 'b', parent: 'a', from: 1, to: 8, text: { user: 'ana' } },
          { id: 'c', parent: 'b', from: 2, to: 3 },
          { id: 'd', parent: 'a', from: 4, to: 5 },
        ],
        'user',
      ),
    ).toEqual({ a: 'ana', b: 'ana', c: 'ana', d: 'ana' });
  });

  it('does not guess between two users of one trace, and falls back to the resource', () => {
    const resource = { attributes: new Map([['user.id', 'device']]) };
    const sketches: Sketch[] = [
      { id: 'a', from: 0, to: 9 },
      { id: 'b', parent: 'a', from: 1, to: 2, text: { user: 'ana' } },
      { id: 'c', parent: 'a', from: 3, to: 4, text: { user: 'ben' } },
      { id: 'd', parent: 'c', from: 3, to: 4 },
    ];
    expect(attributed(sketches, 'user')).toEqual({ a: '-', b: 'ana', c: 'ben', d: 'ben' });
    expect(
      attributed(
        sketches.map((s) => ({ ...s, resource })),
        'user',
      ),
    ).toMatchObject({ a: 'device', d: 'ben' });
  });

  it('names a workflow by attribute, else by the outermost workflow span', () => {
    expect(
      attributed(
        [
          { id: 'a', name: 'outer', kind: 'workflow', from: 0, to: 9 },
          { id: 'b', name: 'inner', parent: 'a', kind: 'workflow', from: 1, to: 8 },
          { id: 'c', name: 'named', parent: 'b', from: 1, to: 8, text: { workflow: 'billing' } },
        ],
        'workflow',
      ),
    ).toEqual({ outer: 'outer', inner: 'outer', named: 'billing' });
    expect(attributed([{ id: 'a', name: 'POST /chat', kind: 'http', from: 0, to: 9 }], 'workflow')).toEqual({
      'POST /chat': '-',
    });
  });

  it('gives a call inside a tool the nearest enclosing tool', () => {
    expect(
      attributed(
        [
          { id: 'a', kind: 'agent', from: 0, to: 9 },
          { id: 'b', parent: 'a', kind: 'tool', from: 1, to: 8, text: { tool: 'search' } },
          { id: 'c', parent: 'b', kind: 'llm', from: 1, to: 2 },
          { id: 'd', name: 'unnamed tool', parent: 'b', kind: 'tool', from: 1, to: 2 },
          { id: 'e', parent: 'a', kind: 'llm', from: 1, to: 2, text: { tool: 'not a tool span' } },
        ],
        'tool',
      ),
    ).toEqual({ a: '-', b: 'search', c: 'search', 'unnamed tool': 'unnamed tool', e: '-' });
  });
});
