import { describe, expect, it } from 'vitest';
import { ask, inProcess } from '../answer.ts';

// The arithmetic is written out in docs/carried-cost.md.
const CODER = 'fixtures/carried/coder.jsonl';

type Carried = { readonly carried: Readonly<Record<string, unknown>> };

async function carried(args: readonly string[]) {
  const { rows, total } = await ask(['cost', '--carried', ...args]);
  const rowsOf = rows as readonly (Carried & (typeof rows)[number])[];
  return { rows: rowsOf, total: total as Carried & typeof total };
}

describe('cost --carried', () => {
  it('tells what the result of every tool cost in later calls, by tool unless asked otherwise', async () => {
    const { rows, total } = await carried([CODER]);
    const nothing = { tokens: 0, reads: 0, cost_usd: '0', cached_usd: '0', uncached_usd: '0' };
    const known = { unknown: 0, unpriced_reads: 0 };
    expect(rows.map(({ key, calls, cost_usd, carried }) => ({ ...key, calls, cost_usd, carried }))).toEqual([
      {
        tool: 'read',
        calls: 0,
        cost_usd: '0',
        carried: {
          tokens: 4000,
          reads: 3,
          cost_usd: '0.01494',
          cached_usd: '0.00234',
          uncached_usd: '0.0126',
          ...known,
        },
      },
      {
        tool: 'grep',
        calls: 0,
        cost_usd: '0',
        carried: {
          tokens: 750,
          reads: 2,
          cost_usd: '0.0026475',
          cached_usd: '0.00021',
          uncached_usd: '0.0024375',
          ...known,
        },
      },
      {
        tool: 'ls',
        calls: 0,
        cost_usd: '0',
        carried: {
          tokens: 250,
          reads: 2,
          cost_usd: '0.0016875',
          cached_usd: '0',
          uncached_usd: '0.0016875',
          ...known,
        },
      },
      { tool: '(agent loop)', calls: 4, cost_usd: '0.065625', carried: { ...nothing, ...known } },
    ]);
    expect(total.carried).toMatchObject({ tokens: 5000, reads: 7, cost_usd: '0.019275' });
  });

  it('adds nothing to what is spent', async () => {
    const { total } = await carried([CODER]);
    const { carried: _, ...spent } = total;
    expect(spent).toEqual((await ask(['cost', CODER])).total);
  });

  it('counts the chosen tools only, with all the calls that read their results', async () => {
    const { rows } = await carried([CODER, '--where', 'tool=grep']);
    expect(rows).toMatchObject([{ key: { tool: 'grep' }, carried: { cost_usd: '0.0026475' } }]);
    expect(rows).toHaveLength(1);
  });

  it('reads the sessions of coding agents from their log events', async () => {
    const { rows } = await carried(['fixtures/events/codex-conversation.jsonl']);
    // 10,800 - 10,000 - (300 - 200 of thought) = 700 tokens of the shell; the cache held the first 10,000, and the result
    // begins at 10,100, so all of it was fresh, at $1.25 a million.
    expect(rows.find(({ key }) => key?.['tool'] === 'shell')).toMatchObject({
      carried: { tokens: 700, reads: 1, cost_usd: '0.000875', cached_usd: '0', uncached_usd: '0.000875' },
    });
  });

  it('is refused where it cannot be an answer', async () => {
    expect(await inProcess(['cost', '--carried', '--unpriced', CODER])).toMatchObject({ code: 2 });
    expect(await inProcess(['cost', '--sort', 'carried', CODER])).toMatchObject({ code: 2 });
  });

  it('says of a result that cannot be told that it is unknown, not that a price is missing', async () => {
    const { stdout } = await inProcess(['cost', '--carried', '--no-config', 'fixtures/demo/team.jsonl']);
    const row = stdout.split('\n').find((line) => line.startsWith('run_tests'));
    expect(row?.split(/ {2,}/).slice(5, 9)).toEqual(['$0', 'n/a', 'n/a', 'n/a']);
  });
});
