import type { Comparison, Gate, Untold } from '../model/index.ts';
import type { FigureName } from './figures.ts';
import type { Words } from './gate.ts';
import { FEWEST, type Regression } from './regression.ts';

/** A gate for each figure: it fails where one comparison does, and cannot tell where none does and one cannot. */
export function regressionGates(
  { comparisons, untold }: Regression,
  increase: ReadonlyMap<FigureName, number>,
  words: Words,
): readonly Gate[] {
  return [...increase].map(([figure, limit]) => {
    const own = comparisons.filter((one) => one.figure === figure);
    const compared = own.filter(({ statistic }) => statistic !== null);
    const failed = compared.filter(({ ok }) => ok === false);
    const open = compared.filter(({ ok }) => ok === null);
    const ok = failed.length > 0 ? false : open.length > 0 || untold.has(figure) ? null : true;
    const decisive = largest(failed.length > 0 ? failed : open.length > 0 ? open : compared);
    return {
      name: `max_increase.${figure}`,
      ok,
      value: decisive?.change ?? null,
      limit,
      unit: 'fraction',
      detail: detailOf(own, decisive, failed.length, limit, words),
      comparisons: own,
    };
  });
}

/** Against nothing, any increase is the largest. */
function largest(comparisons: readonly Comparison[]): Comparison | undefined {
  const size = ({ change }: Comparison): number => change ?? Number.POSITIVE_INFINITY;
  return comparisons.reduce<Comparison | undefined>(
    (best, one) => (best === undefined || size(one) > size(best) ? one : best),
    undefined,
  );
}

function detailOf(
  own: readonly Comparison[],
  decisive: Comparison | undefined,
  failed: number,
  limit: number,
  words: Words,
): string {
  if (own.length > 0 && own.every(({ runs_after: now }) => now === 0)) return 'no runs were found to compare';
  const silent = own.filter(({ statistic }) => statistic === null);
  if (decisive === undefined)
    return silent.length === 0 ? 'no runs to compare' : silentText(silent, words).join('; ');
  const rest = failed > 1 ? [`${words.count(failed - 1)} more over the limit`] : [];
  return [changeText(decisive, limit, words), ...rest, ...silentText(silent, words)].join('; ');
}

/** Groups that were not compared, the first of them by name. */
function silentText(silent: readonly Comparison[], words: Words): readonly string[] {
  const [first] = silent;
  if (first === undefined) return [];
  const more = silent.length > 1 ? ` (and ${words.count(silent.length - 1)} more not compared)` : '';
  return [`${groupName(first)}: ${WHY[first.reason as keyof typeof WHY](first, words)}${more}`];
}

const WHY = {
  too_few: ({ runs_before: before, runs_after: after }, words) =>
    `${words.count(before)} ${before === 1 ? 'run' : 'runs'} before and ${words.count(after)} now, at least ${FEWEST} a side are needed`,
  unknown_figures: ({ figure }) => `too many runs do not tell their ${figure}`,
  many_groups: () => 'not among the groups with the most runs',
  new: () => 'is not in the baseline',
  gone: () => 'only in the baseline',
} as const satisfies Partial<Record<Untold, (one: Comparison, words: Words) => string>>;

/** A comparison in a line: what changed, by how much, between which bounds, and what could have been found. */
function changeText(one: Comparison, limit: number, words: Words): string {
  const { change, change_low: low, change_high: high, reason, statistic } = one;
  const size = `${groupName(one)}: ${statistic} ${signed(change, words)}`;
  if (low !== null && low === high) return `${size}, ${runsText(one, words)}`;
  const text = `${size} (${signed(low, words)} to ${signed(high, words)}), ${runsText(one, words)}`;
  if (reason !== 'straddles') return text;
  const found = one.detectable === null ? '' : `; ${signed(one.detectable, words)} or more would be found`;
  return `${text}: cannot be told from +${words.fraction(limit)}${found}`;
}

const runsText = ({ paired, runs_before: before, runs_after: after }: Comparison, words: Words): string =>
  paired ? `${words.count(before)} pairs` : `${words.count(before)} and ${words.count(after)} runs`;

/** The root, and the workflow where that says more. */
const groupName = ({ root, workflow }: Pick<Comparison, 'root' | 'workflow'>): string =>
  workflow === null || workflow === root ? root : `${root} (${workflow})`;

function signed(change: number | null, words: Words): string {
  if (change === null) return 'without bound';
  if (Math.abs(change) < NEGLIGIBLE) return 'no change';
  return `${change < 0 ? '-' : '+'}${words.fraction(Math.abs(change))}`;
}

/** Less than this reads as nothing in percent with one decimal. */
const NEGLIGIBLE = 0.001;
