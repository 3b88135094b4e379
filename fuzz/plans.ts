import type { RowKey, RowPlan, RowUse } from '../src/model/index.ts';
import type { Random } from './random.ts';

const USES: readonly RowUse[] = ['presence', 'constant', 'text', 'count', 'amount', 'answer', 'passage'];
const NAMES = ['user.id', 'model', 'cost', 'tokens', 'answer', 'op', 'über', 'x'];

/** What is asked for: up to `most` keys, now and then more with values than a row has room for. */
export function randomPlan(random: Random): RowPlan {
  const count = random.chance(0.1) ? 40 : 1 + random.below(14);
  const keys: RowKey[] = random
    .many(count, () => '')
    .map((_, i) => ({
      key: `${random.pick(NAMES)}${i === 0 ? '' : `.${i}`}`,
      use: random.pick(USES),
    }));
  if (random.chance(0.9)) keys.push({ key: 'message', of: 'status', use: 'passage' });
  if (random.chance(0.6)) {
    keys.push({ key: 'exception.type', of: 'exception', use: random.pick(USES) });
    keys.push({ key: 'user.id', of: 'exception', use: 'passage' });
  }
  const blanks = random.pick([[], [''], ['', 'null', 'None', 'n/a', '-', ' ']]);
  return {
    keys,
    blanks,
    events: new Set(random.pick([[], ['gen_ai.choice'], ['gen_ai.choice', 'exception', 'é']])),
  };
}
