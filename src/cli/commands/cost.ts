import { COST_SORTS, cost } from '../../analyses/cost.ts';
import { TOOL_RESULT_SIZE, UserError } from '../../model/index.ts';
import { dimensionsOf } from '../../rollup/index.ts';
import { answer } from '../answer.ts';
import { byKeys, checkForKeys } from '../by-keys.ts';
import { byUnpriced } from '../unpriced.ts';
import type { Run } from '../usage/index.ts';
import { optional, optionalCount } from '../values.ts';

/** What is asked most often, and what every dump can tell. */
const DEFAULT_KEY = 'model';

/** `agentobs cost`: who and what spent how much, and how sure we are. */
export const run: Run = (inputs, options, session) => {
  const carried = options['carried'] === true;
  const by = byKeys(options['by'], carried ? 'tool' : DEFAULT_KEY);
  checkForKeys(inputs, session);
  const dimensions = dimensionsOf(by);
  const sort = optional('--sort', options['sort'], COST_SORTS);
  const limit = optionalCount('--limit', options['limit']);
  const proven = options['audit'] === true;
  if (proven && options['unpriced'] === true) {
    throw new UserError('--audit and --unpriced are two answers', {
      hint: 'The audit lists what has no price too.',
    });
  }
  if (carried && (proven || options['unpriced'] === true)) {
    throw new UserError(`--carried and --${proven ? 'audit' : 'unpriced'} are two answers`);
  }
  if (sort === 'carried' && !carried) {
    throw new UserError('--sort carried: nothing is carried', { hint: 'Ask for it with --carried.' });
  }
  return answer(inputs, options, session, {
    by: carried ? [...by, TOOL_RESULT_SIZE] : by,
    ask: async (data, prices) => {
      const { selected } = data;
      const what = { by, dimensions, selected, sort, limit, prices: prices.source };
      const report = cost(data, {
        ...what,
        audit: proven ? (await import('../../analyses/audit.ts')).proofOf(data, what, data.input) : undefined,
        carried: carried
          ? (await import('../../analyses/carried-rows.ts')).carriedRows(data, dimensions, selected)
          : undefined,
      });
      return options['unpriced'] === true ? byUnpriced(report) : report;
    },
  });
};
