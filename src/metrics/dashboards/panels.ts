import { FAILED, type Vocabulary } from '../vocabulary.ts';
import type { Panel } from './panel.ts';
import { growth, needing, orZero, quantiles, query, rate, share } from './queries.ts';

/** How often something ends per second, by labels. */
export function pace(
  say: Vocabulary,
  title: string,
  name: string,
  by: readonly string[],
  help: string,
): Panel | undefined {
  return needing(say, [name], () => ({
    title,
    help,
    unit: 'ops',
    queries: [query(say, name, by, orZero(rate(say, name, by)), 'all')],
  }));
}

/** The share that failed, or that did not, by labels. */
export function outcome(
  say: Vocabulary,
  title: string,
  name: string,
  by: readonly string[],
  which: 'failed' | 'succeeded',
): Panel | undefined {
  return needing(say, [name], () => {
    const failed = share(rate(say, name, by, { where: { status: FAILED } }), rate(say, name, by));
    return {
      title,
      help: 'A share of what ended; nothing where nothing ended.',
      unit: 'percentunit',
      queries: [query(say, name, by, which === 'failed' ? failed : `1 - (${failed})`, 'all')],
    };
  });
}

/** p50, p95 and p99 of a length of time. */
export function duration(
  say: Vocabulary,
  title: string,
  name: string,
  by: readonly string[] = [],
): Panel | undefined {
  return needing(say, [name], () => ({
    title,
    help: 'Estimated from buckets: no quantile is above the last bound.',
    unit: 's',
    queries: quantiles(say, name, by),
  }));
}

export function active(say: Vocabulary, by: readonly string[] = []): Panel | undefined {
  const name = 'agent_active_executions';
  return needing(say, [name], () => ({
    title: 'Active runs',
    help: 'Runs of agents that have begun and are not over.',
    unit: 'short',
    queries: [
      query(
        say,
        name,
        by,
        `sum${by.length === 0 ? '' : ` by (${say.labels(name, ...by).join(', ')}) `}(${say.select(name)})`,
        'all',
      ),
    ],
  }));
}

/** Tokens per second, input and output: all there are. */
export function tokens(say: Vocabulary, by: readonly string[] = []): Panel | undefined {
  const name = 'llm_tokens_total';
  return needing(say, [name], () => ({
    title: by.length === 0 ? 'Tokens' : 'Tokens by model',
    help: 'Per second. Cached and reasoning tokens are among them, or beside them, as reported.',
    unit: 'ops',
    queries: ['input', 'output'].map((part) => {
      const { expr, legend } = query(say, name, by, orZero(rate(say, name, by, { part })), '');
      return { expr, legend: `${part} ${legend}`.trim() };
    }),
  }));
}

/** Dollars per hour. */
export function spending(
  say: Vocabulary,
  title: string,
  by: readonly string[] = [],
  over = '1h',
): Panel | undefined {
  const name = 'llm_cost_total';
  return needing(say, [name], () => ({
    title,
    help: `What billed calls cost in ${over}; calls whose price is not known are not in it.`,
    unit: 'currencyUSD',
    queries: [query(say, name, by, orZero(growth(say, name, by, { over })), 'all')],
  }));
}

/** A part as a share of both parts, over an hour. */
export function ofBoth(
  say: Vocabulary,
  title: string,
  name: string,
  [part, other]: readonly [string, string],
  by: readonly string[] = [],
): Panel | undefined {
  return needing(say, [name], () => {
    const [one, two] = [growth(say, name, by, { part }), growth(say, name, by, { part: other })];
    const all = `((${one} or 0 * ${two}) + (${two} or 0 * ${one}))`;
    return {
      title,
      help: 'A share over an hour; nothing where there was none.',
      unit: 'percentunit',
      queries: [query(say, name, by, `(${one} or 0 * ${two}) / (${all} > 0)`, 'all')],
    };
  });
}
