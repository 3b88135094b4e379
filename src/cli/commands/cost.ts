import { COST_SORTS, cost } from '../../analyses/cost.ts';
import { type Column, type Report, UserError } from '../../model/index.ts';
import { dimensionsOf } from '../../rollup/index.ts';
import { answer } from '../answer.ts';
import { list } from '../settings.ts';
import { optional, optionalCount } from '../values.ts';
import type { Run } from './index.ts';

/** What is asked most often, and what every dump can tell. */
const DEFAULT_KEY = 'model';

/** `agentobs cost`: who and what spent how much, and how sure we are. */
export const run: Run = (inputs, options, session) => {
  const by = keys(list(options['by']));
  const dimensions = dimensionsOf(by);
  const sort = optional('--sort', options['sort'], COST_SORTS);
  const limit = optionalCount('--limit', options['limit']);
  return answer(inputs, options, session, {
    by,
    ask: (data, prices) => {
      const report = cost(data, {
        by,
        dimensions,
        sort,
        limit,
        prices: prices.source,
        selected: data.selected,
      });
      return options['unpriced'] === true ? unpriced(report) : report;
    },
  });
};

/** `--by user,model --by 'attr:a,b'`: a key that names an attribute may hold a comma only when it stands alone. */
function keys(given: readonly string[]): readonly string[] {
  if (given.length === 0) return [DEFAULT_KEY];
  const found = given.flatMap((text) => text.split(',')).map((key) => key.trim());
  const twice = found.find((key, i) => found.indexOf(key) < i);
  if (twice !== undefined) throw new UserError(`--by names '${twice}' twice`);
  return found;
}

/** The same answer, read by what has no price. */
const unpriced = (report: Report): Report => ({
  ...report,
  table: { rows: 'coverage.unpriced', columns: UNPRICED_COLUMNS },
});

const UNPRICED_COLUMNS: readonly Column[] = [
  { path: ['model'], name: 'model', label: 'model', show: 'text' },
  { path: ['provider'], name: 'provider', label: 'provider', show: 'text' },
  { path: ['calls'], name: 'calls', label: 'calls', show: 'count' },
  { path: ['reason'], name: 'reason', label: 'reason', show: 'text' },
  { path: ['hint'], name: 'hint', label: 'hint', show: 'text', only: 'csv' },
];
