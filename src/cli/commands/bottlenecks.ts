import { BOTTLENECK_KEYS, bottlenecks } from '../../analyses/bottlenecks.ts';
import { answer } from '../answer.ts';
import { optional, optionalCount } from '../values.ts';
import type { Run } from './index.ts';

/** What fits a screen, and what a program can go through. */
const SHOWN = 20;
const LISTED = 1000;

/** `agentobs bottlenecks`: which steps decide how long runs take. */
export const run: Run = async (inputs, options, session) => {
  const by = optional('--by', options['by'], BOTTLENECK_KEYS) ?? 'step';
  const { format } = options;
  const forPeople = format === undefined || format === 'table' || format === 'markdown';
  const limit = optionalCount('--limit', options['limit']) ?? (forPeople ? SHOWN : LISTED);
  return answer(inputs, options, session, {
    by: by === 'tool' || by === 'agent' ? [by] : [],
    ask: (data) => bottlenecks(data, { by, limit }),
  });
};
