import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Attribution, type Forest, NO_RESOURCE } from '../../src/model/index.ts';
import { assemble, attribute, originOf, type ResourceIdentity } from '../../src/trace/index.ts';
import { type Sketch, spanId, tableOf } from './table.ts';

const KEYS: ResourceIdentity = {
  user: ['user.id', 'enduser.id'],
  organization: [],
  workspace: [],
  session: ['session.id'],
  workflow: ['workflow.name'],
};
const FIELDS = [
  'user',
  'session',
  'workflow',
  'agent',
  'tool',
] as const satisfies readonly (keyof Attribution)[];

const position = (forest: Forest, id: string): number =>
  [...forest.row].findIndex((row) => forest.table.spanIdOf(row) === spanId(id));

describe('where an attribution comes from', () => {
  const forest = assemble(
    tableOf([
      { id: 'a', from: 0, to: 9 },
      { id: 'b', parent: 'a', from: 1, to: 8, text: { user: 'ana' } },
      { id: 'c', parent: 'b', from: 2, to: 3, kind: 'tool', text: { tool: 'search' } },
      { id: 'd', parent: 'a', from: 4, to: 5, resource: { attributes: new Map([['session.id', 's-1']]) } },
    ]),
  );
  const origin = (field: keyof Attribution, id: string) =>
    originOf(forest, KEYS, field, position(forest, id));

  it('is the span itself, an ancestor, the only span of the trace that says it, the resource, or nothing', () => {
    expect(origin('user', 'b')).toEqual({ from: 'own', at: position(forest, 'b') });
    expect(origin('user', 'c')).toEqual({ from: 'ancestor', at: position(forest, 'b') });
    expect(origin('user', 'd')).toEqual({ from: 'trace', at: position(forest, 'b') });
    expect(origin('session', 'd')).toEqual({ from: 'resource', key: 'session.id' });
    expect(origin('session', 'c')).toBeUndefined();
    expect(origin('tool', 'c')).toEqual({ from: 'own', at: position(forest, 'c') });
    expect(origin('tool', 'd')).toBeUndefined();
  });

  it('is where the value is that was attributed', () => {
    const name = fc.option(fc.constantFrom('ana', 'ben'), { nil: undefined });
    const sketch = fc.record({
      parent: fc.option(fc.nat({ max: 9 }), { nil: undefined }),
      trace: fc.constantFrom('1', '2'),
      kind: fc.constantFrom('tool' as const, 'workflow' as const, 'llm' as const),
      user: name,
      workflow: name,
      onResource: name,
    });
    fc.assert(
      fc.property(fc.array(sketch, { minLength: 1, maxLength: 10 }), (plain) => {
        const sketches = plain.map(
          ({ parent, trace, kind, user, workflow, onResource }, i): Sketch => ({
            id: `${i + 1}`,
            trace,
            kind,
            from: i,
            to: i + 1,
            text: { ...(user && { user }), ...(workflow && { workflow }) },
            resource: onResource ? { attributes: new Map([['enduser.id', onResource]]) } : NO_RESOURCE,
            ...(parent !== undefined && parent < i ? { parent: `${parent + 1}` } : {}),
          }),
        );
        const trees = assemble(tableOf(sketches));
        const attribution = attribute(trees, KEYS);
        for (const field of FIELDS) {
          for (let p = 0; p < trees.length; p++) {
            const found = originOf(trees, KEYS, field, p);
            const value = attribution[field](p);
            expect(found === undefined).toBe(value === 0);
            if (found === undefined) continue;
            if (found.from === 'resource') {
              const text = trees.table.resourceOf(trees.row[p]!).attributes.get(found.key);
              expect(trees.table.strings.text(value)).toBe(text);
            } else expect(attribution[field](found.at)).toBe(value);
          }
        }
      }),
      { numRuns: 200 },
    );
  });
});
