import { LIST_PICKS, TRACE_SORTS, traceList } from '../../analyses/trace-list.ts';
import { answer } from '../answer.ts';
import type { Run } from '../usage/index.ts';
import { optional, optionalCount } from '../values.ts';

/** `agentobs trace list`: which runs are in here. */
export const run: Run = (inputs, options, session) => {
  const asked = {
    sort: optional('--sort', options['sort'], TRACE_SORTS),
    limit: optionalCount('--limit', options['limit']),
    pick: optional('--pick', options['pick'], LIST_PICKS),
  };
  return answer(inputs, options, session, { ask: (data) => traceList(data, asked) });
};
