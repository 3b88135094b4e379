import type { Column, PriceImport, Report } from '../../model/index.ts';
import type { ImportPlan, ModelChange, RateChange } from '../import-plan.ts';
import { LEFT_OUT, type SourcePrices } from '../sources/source.ts';
import { quoteAll } from '../written-rates.ts';

/** What an import changed, or would. */
export function importReport(
  plan: ImportPlan,
  left: SourcePrices['left'],
  about: { readonly made: PriceImport; readonly file: string; readonly written: boolean },
): Report {
  const { made, file, written } = about;
  const added = plan.changes.filter(({ change }) => change === 'added').length;
  const changed = plan.changes.length - added;
  const changes = plan.changes.map((change) => ({ ...changeView(change), summary: summaryOf(change) }));
  const removed = plan.removed.map((model) => ({
    model,
    change: 'removed',
    rates: [],
    summary: 'no longer listed; its prices stay',
  }));
  const rows = [...changes.slice(0, changed), ...removed, ...changes.slice(changed)];
  const leftOut = [...left].map(([reason, names]) => ({
    reason,
    count: names.length,
    first: names[0]!,
    help: LEFT_OUT[reason],
  }));
  return {
    command: 'prices import',
    body: {
      import: { ...made },
      file,
      written,
      added,
      changed,
      removed: plan.removed.length,
      unchanged: plan.unchanged,
      left_out: leftOut,
      rows,
    },
    table: { rows: 'rows', columns: COLUMNS },
    around: {
      above: [],
      below: [
        ...(rows.length === 0 ? [] : ['']),
        `${added} added, ${changed} changed, ${plan.removed.length} no longer listed, ${plan.unchanged} unchanged`,
        ...leftOut.map(({ count, help, first }) => `left out ${count}: ${help}; first ${first}`),
        written ? `written to ${file}; the prices hold from ${made.as_of} on` : 'nothing was written',
      ],
    },
    notes: [],
  };
}

const changeView = ({ model, change, rates }: ModelChange) => ({
  model,
  change,
  rates: rates.map(({ rate, tier, before, after }) => ({
    rate,
    tier: tier ?? null,
    before: before === undefined ? null : quoteAll(rate, before),
    after: quoteAll(rate, after),
  })),
});

export function summaryOf({ change, rates }: Pick<ModelChange, 'change' | 'rates'>): string {
  return rates.map((one) => rateText(one, change === 'added')).join(', ');
}

/** `input`, or `flex input` of a service tier. */
export const rateName = ({ rate, tier }: RateChange): string =>
  tier === undefined ? rate : `${tier} ${rate}`;

function rateText(change: RateChange, isNew: boolean): string {
  const { rate, before, after } = change;
  const name = rateName(change);
  const now = quoteAll(rate, after);
  return isNew ? `${name} ${now}` : `${name} ${before === undefined ? '–' : quoteAll(rate, before)} → ${now}`;
}

const COLUMNS: readonly Column[] = [
  { path: ['change'], name: 'change', label: 'change', show: 'text' },
  { path: ['model'], name: 'model', label: 'model', show: 'text' },
  { path: ['summary'], name: 'rates', label: 'usd per million tokens', show: 'text' },
];
