import {
  type CostEvidence,
  type InputSummary,
  type Report,
  SKIP_REASONS,
  type Unpriced,
  WARNINGS,
} from '../model/index.ts';
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
    ({ help, first }, i) => `${title} ${counts[i]!.padStart(width)}: ${help}; first at ${safeText(first)}`,
  );
}

/** A line below a table, and what belongs to it. */
export type Note = { readonly text: string; readonly details: readonly string[] };

/** What of a total is sure: how much is priced, what was left out as told twice, and where the prices come from. */
export function costNotes(report: Report): Note[] {
  const { coverage, excluded, prices } = report.body as Partial<CostEvidence>;
  if (coverage === undefined || excluded === undefined || prices === undefined) return [];
  if (coverage.priced_calls + coverage.unpriced_calls === 0) return [];
  const listed = report.table.rows === 'coverage.unpriced';
  const notes = [
    listed ? unpricedNote(coverage) : coverageNote(coverage),
    ...evidenceNotes(coverage),
    ...excludedNotes(excluded),
    { text: priceNote(prices), details: [] },
  ];
  return notes;
}

/** Notes as lines of text. */
export const noteLines = (notes: readonly Note[]): string[] =>
  notes.flatMap(({ text, details }) => [text, ...details.map((detail) => `  ${detail}`)]);

/** The rest is one command away. */
const MOST = 3;

function coverageNote({
  priced_calls: priced,
  unpriced_calls: count,
  unpriced,
}: CostEvidence['coverage']): Note {
  const text = `priced ${formatCount(priced)}/${formatCount(priced + count)} calls`;
  if (count === 0) return { text, details: [] };
  const details = unpriced.slice(0, MOST).map((one) => {
    const why = one.hint === null ? one.reason : `${one.reason}; ${safeText(one.hint)}`;
    return `${formatCount(one.calls)} × ${nameOf(one)}: ${why}`;
  });
  const more = unpriced.length > MOST ? [`… and ${unpriced.length - MOST} more`] : [];
  return {
    text: `${text}; ${formatCount(count)} unpriced -> agentobs cost --unpriced`,
    details: [...details, ...more],
  };
}

/** Below the list of what has no price: what to do about it. */
function unpricedNote({
  priced_calls: priced,
  unpriced_calls: count,
  unpriced,
}: CostEvidence['coverage']): Note {
  const known = unpriced.filter((one) => one.hint !== null);
  return {
    text: `priced ${formatCount(priced)}/${formatCount(priced + count)} calls; ${formatCount(count)} unpriced`,
    details: known.map((one) => `${nameOf(one)}: ${safeText(one.hint!)}`),
  };
}

const nameOf = ({ model, provider }: Unpriced): string =>
  safeText([provider, model ?? '(no model)'].filter((part) => part !== null).join('/'));

/** Where the numbers rest on something other than one priced call each. */
function evidenceNotes({ aggregate_only_calls: sums, conflicts }: CostEvidence['coverage']): Note[] {
  const notes: Note[] = [];
  if (conflicts.calls > 0) {
    const amounts = `${formatMoney(conflicts.recorded_usd, 'call')} recorded, ${formatMoney(conflicts.computed_usd, 'call')} computed`;
    const text = `recorded and computed cost disagree on ${things(conflicts.calls, 'call')}: ${amounts}; --cost-mode computed counts the latter`;
    notes.push({ text, details: [] });
  }
  if (sums > 0) {
    const text = `counted once by its own sum (aggregate_only): ${things(sums, 'span')} with nothing below that reports usage or cost`;
    notes.push({ text, details: [] });
  }
  return notes;
}

function excludedNotes({ rollups, duplicates }: CostEvidence['excluded']): Note[] {
  const parts: string[] = [];
  if (rollups.spans > 0) {
    const amount = rollups.cost_usd.pico === 0n ? '' : ` (${formatMoney(rollups.cost_usd, 'call')} recorded)`;
    parts.push(`${things(rollups.spans, 'roll-up span')}${amount}`);
  }
  if (duplicates.spans > 0) parts.push(things(duplicates.spans, 'repeated report'));
  return parts.length === 0 ? [] : [{ text: `not counted twice: ${parts.join(', ')}`, details: [] }];
}

function priceNote({
  source,
  version,
  as_of: asOf,
  overrides,
  imports = [],
}: CostEvidence['prices']): string {
  const last = imports.at(-1);
  const imported =
    last === undefined
      ? ''
      : `, ${things(imports.length, 'import')} (${safeText(last.origin)} of ${last.as_of})`;
  const own = overrides === 0 ? '' : `, ${things(overrides, 'override')}`;
  return `list prices as of ${asOf} (${source} ${version})${imported}${own}; ${overrides === 0 ? '' : 'other '}discounts, credits and taxes not included`;
}

const things = (count: number, name: string): string =>
  `${formatCount(count)} ${name}${count === 1 ? '' : 's'}`;
