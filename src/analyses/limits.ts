import { compareAmounts, type Gate, type Money, ms, usd } from '../model/index.ts';
import { dimensionsOf, Rollup } from '../rollup/index.ts';
import type { Dataset } from './dataset.ts';
import type { Words } from './gate.ts';
import type { RunMeasures } from './run-measures.ts';

/** What is over its budget is named up to here. */
const MOST_NAMED = 5;

/** All runs together cost at most `limit` picodollars. Calls without a price make the sum a lower bound. */
export function budgetGate(runs: readonly RunMeasures[], limit: bigint, words: Words): Gate {
  const cost = runs.reduce((sum, run) => sum + run.cost, 0n);
  const unpriced = runs.reduce((sum, run) => sum + run.unpricedCalls, 0);
  const ok = cost > limit ? false : unpriced > 0 ? null : true;
  const spent = `${unpriced > 0 ? 'at least ' : ''}${words.usd(cost)}`;
  const detail =
    ok === null
      ? `${spent}; ${unpricedText(unpriced, words)}, so that it cannot be told`
      : runs.length === 0
        ? NO_RUNS
        : `${spent} in ${things(runs.length, 'run', words)}${ok ? '' : `, ${words.usd(cost - limit)} too much`}`;
  return { name: 'budget', ok, ...spentOf(cost, unpriced), limit: usd(limit), unit: 'usd', detail };
}

/** What a gate says where there is nothing to count. */
const NO_RUNS = 'no runs';

/** What is known of a cost; nothing where all of it is unknown. */
function spentOf(cost: bigint, unpriced: number): { readonly value: Money; readonly lower_bound?: true } {
  if (unpriced === 0) return { value: usd(cost) };
  return cost === 0n ? { value: usd(undefined) } : { value: usd(cost, true), lower_bound: true };
}

const unpricedText = (count: number, words: Words): string =>
  `${things(count, 'call', words)} ${count === 1 ? 'has' : 'have'} no price`;

/** Each value of a dimension costs at most `limit` picodollars, the row of what belongs to nobody among them. */
export function budgetPerGate(data: Dataset, dimension: string, limit: bigint, words: Words): Gate {
  const { forest, bill, selected } = data;
  const rollup = new Rollup(data, dimensionsOf([dimension]));
  for (let p = 0; p < forest.length; p++) {
    if (bill.isCall(p) && (selected === undefined || selected(p))) rollup.add(p);
  }
  const groups = rollup
    .groups()
    .map(({ labels, cost, sums }) => ({ key: labels[0]!, cost, unpriced: sums.unpriced_calls }))
    .sort((a, b) => compareAmounts(b.cost, a.cost) || (a.key < b.key ? -1 : 1));
  const over = groups.filter(({ cost }) => cost > limit);
  const open = groups.filter(({ cost, unpriced }) => cost <= limit && unpriced > 0);
  const most = groups[0];
  const ok = over.length > 0 ? false : open.length > 0 ? null : true;
  const named = over.slice(0, MOST_NAMED);
  const list = named.map(({ key, cost }) => `${key} ${words.usd(cost)}`).join(', ');
  const rest = over.length > named.length ? `, and ${words.count(over.length - named.length)} more` : '';
  const detail =
    ok === false
      ? `${words.count(over.length)} of ${words.count(groups.length)} over: ${list}${rest}`
      : ok === null
        ? `${open[0]!.key} at least ${words.usd(open[0]!.cost)}; ${unpricedText(open[0]!.unpriced, words)}, so that it cannot be told${open.length > 1 ? ` (nor for ${words.count(open.length - 1)} more)` : ''}`
        : most === undefined
          ? 'no calls'
          : `the most: ${most.key} ${words.usd(most.cost)}`;
  return {
    name: `budget_per.${dimension}`,
    ok,
    ...spentOf(most?.cost ?? 0n, most?.unpriced ?? 0),
    limit: usd(limit),
    unit: 'usd',
    detail,
    over: named.map(({ key, cost, unpriced }) => ({ key, ...spentOf(cost, unpriced) })),
  };
}

/** No run takes longer than `limit` nanoseconds. */
export function durationGate(runs: readonly RunMeasures[], limit: number, words: Words): Gate {
  let longest: RunMeasures | undefined;
  for (const run of runs) if ((run.duration ?? -1) > (longest?.duration ?? -1)) longest = run;
  const over = runs.filter(({ duration }) => (duration ?? 0) > limit).length;
  const unsure = runs.filter(({ duration, open }) => open || duration === undefined).length;
  const ok = over > 0 ? false : unsure > 0 ? null : true;
  const most =
    longest?.duration === undefined ? [] : [`the longest: ${longest.root} ${words.ms(longest.duration)}`];
  const beyond = over > 0 ? [`${words.count(over)} of ${things(runs.length, 'run', words)} over`] : [];
  const open =
    ok === null
      ? [`${things(unsure, 'run', words)} did not end or ${unsure === 1 ? 'tells' : 'tell'} no time`]
      : [];
  const said = [...beyond, ...most, ...open];
  const detail = said.length === 0 ? NO_RUNS : said.join('; ');
  const value = ms(longest?.duration);
  const bound = unsure > 0 && value.nanos !== undefined ? ({ lower_bound: true } as const) : {};
  return { name: 'max_duration', ok, value, ...bound, limit: ms(limit), unit: 'ms', detail };
}

/** Failed spans of all runs together. */
export const errorsGate = (runs: readonly RunMeasures[], limit: number, words: Words): Gate =>
  countGate(runs, 'max_errors', limit, words, ({ errors }) => errors, ['failed span', 'failed spans']);

/** Input and output tokens of all runs together, as they are reported. */
export function tokensGate(runs: readonly RunMeasures[], limit: number, words: Words): Gate {
  const total = (of: (run: RunMeasures) => number): number => runs.reduce((sum, run) => sum + of(run), 0);
  const [input, output] = [
    total(({ inputTokens }) => inputTokens),
    total(({ outputTokens }) => outputTokens),
  ];
  const value = input + output;
  const detail =
    runs.length === 0
      ? NO_RUNS
      : `${words.tokens(input)} in, ${words.tokens(output)} out in ${things(runs.length, 'run', words)}`;
  return { name: 'max_tokens', ok: value <= limit, value, limit, unit: 'tokens', detail };
}

/** Calls without a price, of all runs together. */
export const unpricedGate = (runs: readonly RunMeasures[], limit: number, words: Words): Gate =>
  countGate(runs, 'max_unpriced', limit, words, ({ unpricedCalls }) => unpricedCalls, [
    'call without a price',
    'calls without a price',
  ]);

function countGate(
  runs: readonly RunMeasures[],
  name: string,
  limit: number,
  words: Words,
  of: (run: RunMeasures) => number,
  [one, many]: readonly [string, string],
): Gate {
  const value = runs.reduce((sum, run) => sum + of(run), 0);
  const having = runs.filter((run) => of(run) > 0).length;
  const where = value === 0 ? '' : ` in ${words.count(having)} of ${things(runs.length, 'run', words)}`;
  const detail = runs.length === 0 ? NO_RUNS : `${words.count(value)} ${value === 1 ? one : many}${where}`;
  return { name, ok: value <= limit, value, limit, unit: 'count', detail };
}

const things = (count: number, name: string, words: Words): string =>
  `${words.count(count)} ${name}${count === 1 ? '' : 's'}`;
