import { type InputSummary, type Money, type Report, SKIP_REASONS, WARNINGS } from '../model/index.ts';
import { formatCount, formatMoney } from './format.ts';
import { safeText } from './text.ts';

/** What was passed over and what was odd, by kind, with the first place of each; nothing when all is well. */
export function inputNotes(input: InputSummary): string[] {
  const skipped = input.skipped.map((one) => ({ ...one, help: SKIP_REASONS[one.reason].help }));
  const warnings = input.warnings.map((one) => ({ ...one, help: WARNINGS[one.kind].help }));
  return [...block('skipped', skipped), ...block('warning', warnings)];
}

type Counted = { readonly count: number; readonly help: string; readonly first: string };

function block(title: string, counted: readonly Counted[]): string[] {
  const counts = counted.map(({ count }) => formatCount(count));
  const width = Math.max(0, ...counts.map((count) => count.length));
  return counted.map(
    ({ help, first }, i) => `${title}  ${counts[i]!.padStart(width)}  ${help}; first: ${safeText(first)}`,
  );
}

/** What of a total is sure: how much is priced, what was left out as told twice, and where the prices come from. */
export function costNotes(report: Report): string[] {
  const { coverage, excluded, prices } = report.body as Partial<CostBody>;
  if (coverage === undefined || excluded === undefined || prices === undefined) return [];
  return [coverageNote(coverage), ...excludedNotes(excluded), priceNote(prices)];
}

/** The parts of the body of `cost` that say how sure its total is. */
type CostBody = {
  readonly coverage: { readonly priced_calls: number; readonly unpriced_calls: number };
  readonly excluded: {
    readonly rollups: { readonly spans: number; readonly cost_usd: Money };
    readonly duplicates: { readonly spans: number };
  };
  readonly prices: {
    readonly source: string;
    readonly version: string;
    readonly as_of: string;
    readonly overrides: number;
  };
};

function coverageNote({ priced_calls: priced, unpriced_calls: unpriced }: CostBody['coverage']): string {
  const share = `priced ${formatCount(priced)}/${formatCount(priced + unpriced)} calls`;
  return unpriced === 0 ? share : `${share}; ${formatCount(unpriced)} unpriced → agentobs cost --unpriced`;
}

function excludedNotes({ rollups, duplicates }: CostBody['excluded']): string[] {
  const parts: string[] = [];
  if (rollups.spans > 0) {
    const amount = rollups.cost_usd.pico === 0n ? '' : ` (${formatMoney(rollups.cost_usd, 'call')} recorded)`;
    parts.push(`${things(rollups.spans, 'roll-up span')}${amount}`);
  }
  if (duplicates.spans > 0) parts.push(things(duplicates.spans, 'repeated report'));
  return parts.length === 0 ? [] : [`not counted twice: ${parts.join(', ')}`];
}

function priceNote({ source, version, as_of: asOf, overrides }: CostBody['prices']): string {
  const own = overrides === 0 ? '' : `, ${things(overrides, 'override')}`;
  return `list prices as of ${asOf} (${source} ${version})${own}; discounts, credits and taxes not included`;
}

const things = (count: number, name: string): string =>
  `${formatCount(count)} ${name}${count === 1 ? '' : 's'}`;
