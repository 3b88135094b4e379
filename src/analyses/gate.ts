import type { CheckAnswer, CheckView, Column, Gate, Report } from '../model/index.ts';

/** Amounts as a person reads them. */
export type Words = {
  readonly usd: (pico: bigint) => string;
  readonly ms: (nanos: number) => string;
  readonly tokens: (tokens: number) => string;
  readonly count: (count: number) => string;
  readonly fraction: (share: number) => string;
};

/** All gates as one answer. */
export function checkReport(gates: readonly Gate[], notes: readonly string[]): Report {
  const count = (wanted: boolean | null): number => gates.filter(({ ok }) => ok === wanted).length;
  const body: CheckAnswer = {
    gates,
    summary: { passed: count(true), failed: count(false), unknown: count(null) },
  };
  return {
    command: 'check',
    body,
    page: 'gates',
    table: { rows: 'gates', columns: COLUMNS },
    checks: { suite: 'agentobs check', checks: gates.map(checkView) },
    notes,
  };
}

const COLUMNS: readonly Column[] = [
  { path: ['name'], name: 'name', label: 'gate', show: 'text' },
  { path: ['ok'], name: 'ok', label: 'ok', show: 'text' },
  { path: ['value'], name: 'value', label: 'value', show: 'count' },
  { path: ['limit'], name: 'limit', label: 'limit', show: 'count' },
  { path: ['unit'], name: 'unit', label: 'unit', show: 'text' },
  { path: ['detail'], name: 'detail', label: 'detail', show: 'text' },
];

/** A single difference is the detail of its gate; as a check it stands below the message, like several. */
function checkView({ name, ok, detail, differences = [] }: Gate): CheckView {
  return {
    id: name,
    title: TITLES.get(name.split('.')[0]!) ?? name,
    severity: 'error',
    ok,
    message: ok === true ? '' : differences.length === 1 ? '1 difference' : detail,
    detail: ok === true ? [] : differences,
    at: null,
  };
}

/** What holds where a gate does. */
const TITLES: ReadonlyMap<string, string> = new Map([
  ['budget', 'all runs together stay within the budget'],
  ['budget_per', 'each stays within its budget'],
  ['max_duration', 'no run takes longer'],
  ['max_errors', 'no more spans fail'],
  ['max_tokens', 'no more tokens are used'],
  ['max_waste', 'no more of the cost is wasted'],
  ['max_unpriced', 'no more calls are without a price'],
  ['max_increase', 'no run needs more than the baseline'],
  ['shape', 'the runs have their shape'],
]);
