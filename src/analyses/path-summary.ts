import { type Forest, ms, type PathSummary, stepName } from '../model/index.ts';
import type { Bottleneck } from './bottleneck.ts';
import type { CriticalPath } from './critical-path.ts';
import type { Dataset } from './dataset.ts';
import { offPath } from './off-path.ts';
import { spendMoney, spendOnPath } from './path-spend.ts';
import { removableTime } from './removable.ts';

/** What a path comes to in time and money, and what the run would lose without its slowest step. */
export function pathSummary(data: Dataset, path: CriticalPath, slowest: Bottleneck): PathSummary {
  const { forest } = data;
  const { beside, idle } = offPath(forest, path);
  const { on, off } = spendOnPath(data, path);
  return {
    critical_ms: ms(path.length),
    async_ms: ms(beside),
    idle_ms: ms(idle),
    uncertain_ms: ms(path.uncertain),
    bottleneck_ms: ms(slowest.own),
    removable_ms: ms(removableTime(forest, path.timing, isStep(forest, slowest.step))),
    critical_cost_usd: spendMoney(on),
    other_cost_usd: spendMoney(off),
  };
}

function isStep({ table, row }: Forest, step: string): (position: number) => boolean {
  // Spans of one profile are the same step.
  const known = new Map<number, boolean>();
  return (position) => {
    const profile = table.profileOf(row[position]!);
    let same = known.get(profile);
    if (same === undefined) {
      same = stepName(table, row[position]!) === step;
      known.set(profile, same);
    }
    return same;
  };
}
