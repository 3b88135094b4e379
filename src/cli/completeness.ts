import {
  type InputSummary,
  type Report,
  type Selection,
  SKIP_REASONS,
  UserError,
  WARNINGS,
} from '../model/index.ts';
import type { Dataset } from '../pipeline.ts';
import { rowsOf } from '../render/index.ts';
import { safeText } from '../render/text.ts';

/** Reasons that show that a reader knew what it saw: telemetry, though no spans. */
const OTHER_TELEMETRY: ReadonlySet<string> = new Set(['metrics', 'log_without_trace']);

/**
 * Nothing that was recognised is an error, because an empty answer would look like a quiet system.
 * Telemetry without spans (logs, metrics) is none: what is to be said about it is returned.
 */
export function checkTelemetry(input: InputSummary): string[] {
  if (input.spans > 0) return [];
  if (input.logs > 0 || input.skipped.some(({ reason }) => OTHER_TELEMETRY.has(reason))) {
    return ['no spans in the input: only logs or metrics'];
  }
  const names = input.sources.length === 1 ? `${input.sources[0]!.name}: ` : '';
  if (input.skipped.length === 0) {
    const known = input.sources.some(({ format }) => format !== undefined);
    throw new UserError(`${names}${known ? 'telemetry without a single span' : 'the input is empty'}`);
  }
  const damaged = input.skipped.find(({ reason }) => SKIP_REASONS[reason].damaged);
  if (damaged !== undefined) {
    throw new UserError(`${names}no span could be read`, {
      hint: `${SKIP_REASONS[damaged.reason].help}, the first at ${damaged.first}`,
    });
  }
  throw new UserError(`${names}nothing in the input is telemetry that is known here`, {
    hint: 'What is read: agentobs formats',
  });
}

/** Why a total may be short, for `--strict`; empty when it is not. */
export function incompleteness(input: InputSummary, data: Dataset): string[] {
  const { bill, selected } = data;
  const skipped = input.skipped.map((one) => ({ ...one, ...SKIP_REASONS[one.reason] }));
  const warnings = input.warnings.map((one) => ({ ...one, ...WARNINGS[one.kind] }));
  const reasons = [...skipped, ...warnings]
    .filter(({ damaged }) => damaged)
    .map(({ count, help }) => `${help} (${count})`);
  if (!input.complete && reasons.length === 0) reasons.push('input that was not read to its end');
  const unpriced = bill.unpriced(selected).reduce((sum, { calls }) => sum + calls, 0);
  if (unpriced > 0) reasons.push(`calls without a price (${unpriced})`);
  const untold = callsOfUnknownTier(data);
  if (untold > 0) reasons.push(`calls of a service tier without rates, priced as standard (${untold})`);
  return reasons;
}

function callsOfUnknownTier({ forest, bill, selected }: Dataset): number {
  let calls = 0;
  for (let p = 0; p < forest.length; p++) {
    if (bill.status(p) !== 'computed' || (selected !== undefined && !selected(p))) continue;
    const price = bill.reckon(p)?.price;
    if (price?.status === 'computed' && price.match.assumptions.includes(STANDARD_TIER)) calls++;
  }
  return calls;
}

/** What `pricing/` assumes of a tier that no layer has rates for. */
const STANDARD_TIER = 'service_tier=standard';

/** Why an answer has no rows, unless it says so itself. */
export async function emptyNotes(
  report: Report,
  data: Dataset,
  where: readonly string[],
): Promise<readonly string[]> {
  const { forest, selected, input } = data;
  if (input.spans === 0) return [];
  const nobody = selected !== undefined && !isMet(selected, forest.length);
  const unmet =
    nobody && where.length > 0 ? (await import('./unmet.ts')).unmetConditions(data, where).map(safeText) : [];
  if (report.notes.length > 0 || rowsOf(report).length > 0) return unmet;
  if (nobody) return ['no span meets the filters', ...unmet];
  // Nothing found is the answer of whoever looks for faults.
  if (report.checks !== undefined && selected === undefined) return [];
  return [
    selected === undefined
      ? 'no calls of models in the input'
      : 'no calls of models among the spans that meet the filters',
  ];
}

function isMet(selected: Selection, length: number): boolean {
  for (let p = 0; p < length; p++) if (selected(p)) return true;
  return false;
}
