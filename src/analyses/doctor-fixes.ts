import type { Advice, Fix } from '../model/index.ts';
import type { Check, Exam } from './doctor-checks.ts';

/** More than a few is a manual. */
const MOST_FIXES = 3;

/** What to change because of a finding, for those who wrote the spans. */
export function fixesFor(
  exam: Exam,
  { id, topic }: Check,
  positions: readonly number[],
  advice: readonly Advice[],
): Fix[] {
  if (topic === undefined) return priceFixes(exam, id);
  const writers = writersOf(exam, positions);
  const all = advice.filter((one) => one.topic === topic);
  const fitting = all.filter((one) => !isGeneral(one) && writers.some((writer) => fits(one, writer)));
  const chosen = fitting.length > 0 ? fitting : all.filter(isGeneral);
  return chosen.slice(0, MOST_FIXES).map((one) => ({
    applies_to: one.for,
    text: one.text,
    code: one.code ?? null,
    source: one.source ?? null,
  }));
}

const isGeneral = ({ dialects, scope, providers, language }: Advice): boolean =>
  dialects === undefined && scope === undefined && providers === undefined && language === undefined;

type Writer = {
  readonly dialect: string | undefined;
  readonly scope: string | undefined;
  readonly provider: string | undefined;
  readonly language: 'python' | 'js' | undefined;
};

/** Telling writers apart takes a look at some spans, not at all of a million. */
const MOST_LOOKED_AT = 10_000;

function writersOf({ data: { forest }, observer }: Exam, positions: readonly number[]): readonly Writer[] {
  const { table } = forest;
  const writers = new Map<string, Writer>();
  for (const p of positions.slice(0, MOST_LOOKED_AT)) {
    const row = forest.row[p]!;
    const writer = {
      dialect: table.dialectOf(row),
      scope: observer.scopeOf(row),
      provider: table.textOf('provider', row),
      language:
        languageOf(table.resourceOf(row).attributes.get('telemetry.sdk.language')) ??
        languageOfScope(observer.scopeOf(row)),
    };
    writers.set(JSON.stringify(writer), writer);
  }
  return [...writers.values()];
}

function languageOf(value: unknown): Writer['language'] {
  if (value === 'python') return 'python';
  return value === 'nodejs' || value === 'webjs' ? 'js' : undefined;
}

/** npm packages have an `@`, Python's instrumentations are called by their modules. */
function languageOfScope(scope: string | undefined): Writer['language'] {
  if (scope?.startsWith('@') === true) return 'js';
  return /^(?:opentelemetry|openinference)\.instrumentation\./.test(scope ?? '') ? 'python' : undefined;
}

/** A language that is not known rules nothing out that something else speaks for. */
function fits({ dialects, scope, providers, language }: Advice, writer: Writer): boolean {
  if (dialects !== undefined && !dialects.includes(writer.dialect ?? '')) return false;
  if (scope !== undefined && !scope.test(writer.scope ?? '')) return false;
  if (providers !== undefined && !providers.includes(writer.provider ?? '')) return false;
  if (language === undefined || language === writer.language) return true;
  const isKnownOtherwise = dialects !== undefined || scope !== undefined || providers !== undefined;
  return writer.language === undefined && isKnownOtherwise;
}

/** What prices lack is said by the price list itself, with the line to paste. */
function priceFixes({ data: { bill, selected } }: Exam, id: string): Fix[] {
  const reasons = id === 'model_unknown' ? ['unknown_model'] : ['missing_rate', 'conflicting_prices'];
  return bill
    .unpriced(selected)
    .filter(({ reason }) => reasons.includes(reason))
    .slice(0, MOST_FIXES)
    .map(({ model, provider, hint }) => ({
      applies_to: [provider, model].filter((part) => part !== undefined).join('/'),
      text: hint ?? 'Give it prices in agentobs.yaml.',
      code: null,
      source: null,
    }));
}
