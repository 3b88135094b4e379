import type { RowKey, RowPlan, RowUse } from '../../model/index.ts';
import { FAILURE_KEYS } from '../failure.ts';
import type { Normalizer } from '../normalizer.ts';
import { ASK } from '../slots.ts';
import { NOTHING } from '../text.ts';

/** An attribute whose label is a column of its own. */
const COLUMN = 512;
/** What every use that is more than presence is enough for. */
const LITTLE = ASK.presence | ASK.filled;

/**
 * What a maker of rows has to keep of which keys, for the answers of a normalizer and the columns asked for. The slots of the
 * plan are those of the normalizer's tables; keys that only columns ask for come after them, then those of failures.
 */
export function rowPlan({ asked, events }: Normalizer['asks'], columns: readonly string[]): RowPlan {
  const wanted = new Set(columns);
  const keys: RowKey[] = asked.map(([key, asks]) => ({
    key,
    use: useOf(wanted.delete(key) ? asks | COLUMN : asks),
  }));
  for (const key of wanted) keys.push({ key, use: useOf(COLUMN) });
  keys.push(...Object.values(FAILURE_KEYS));
  return { keys, blanks: [...NOTHING], events };
}

/** Whatever is asked of a key in several ways is told whole, and so part of the pattern, unless a text tells all of it. */
function useOf(asks: number): RowUse {
  if ((asks & ~LITTLE) === ASK.failed) return 'passage';
  switch (asks & ~LITTLE & ~ASK.failed) {
    case 0:
      return (asks & ASK.filled) === 0 ? 'presence' : 'constant';
    case ASK.count:
      return 'count';
    case ASK.amount:
    case ASK.number:
    case ASK.amount | ASK.number:
      return 'amount';
    case ASK.answer:
      return 'answer';
    case ASK.text:
    case COLUMN:
    case ASK.text | COLUMN:
    case ASK.answer | COLUMN:
    case ASK.answer | ASK.text:
    case ASK.answer | ASK.text | COLUMN:
      return 'text';
    default:
      return 'constant';
  }
}
