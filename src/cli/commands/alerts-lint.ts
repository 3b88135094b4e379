import type { RuleGroup } from '../../alerts/index.ts';
import { knownSeries, lint, lintReport } from '../../alerts/lint/index.ts';
import { type Families, type Metric, PROFILES } from '../../metrics/index.ts';
import { type Report, SEVERITIES, UserError } from '../../model/index.ts';
import { answer } from '../answer.ts';
import { familiesOf, type MetricChoice, metricChoice } from '../metric-choice.ts';
import type { RawOptions } from '../options.ts';
import { replayChoice } from '../replay-options.ts';
import { namedFiles, readPresets, readRuleFiles } from '../rule-files.ts';
import { list, readSettings } from '../settings.ts';
import type { Run } from '../usage/index.ts';
import { choice } from '../values.ts';
import { answerWithoutInput } from '../without-input.ts';

/** A gate answered yes. */
const FOUND = 1;

/** `agentobs alerts lint`: which rules cannot fire, always fire, or mean something else than they say? */
export const run: Run = async (inputs, options, session) => {
  const { version, interval: scrapeInterval } = replayChoice(options);
  const gate = gateOf(options);
  const { rules, telemetry } = operands(inputs, options);
  const groups = await readRuleFiles(namedFiles(rules, session.cwd), version);
  const metrics = await metricChoice(options, session);
  groups.push(...(await readPresets(options, metrics.metrics, version)));
  const report = (families?: Families): Report => {
    const known = knownSeries(
      metricsOf(metrics, options, families),
      new Map(metrics.constants),
      families?.families,
    );
    return lintReport(groups, lint(groups, { known, scrapeInterval, version }), notesOf(groups, families));
  };
  if (telemetry.length === 0) {
    const answered = report();
    await answerWithoutInput(answered, readSettings(options, session, true), session);
    return gate(answered);
  }
  return answer(telemetry, options, session, {
    by: metrics.columns,
    observations: true,
    checks: true,
    emptyAnswer: true,
    ask: (data) => report(familiesOf(data, metrics)),
    exitCode: gate,
  });
};

/** Rule files are YAML by name, or named with `--rules`, or there is a preset; everything else is telemetry. */
function operands(inputs: readonly string[], options: RawOptions) {
  const named = list(options['rules']);
  const isRules = (name: string): boolean => /\.ya?ml$/i.test(name);
  const hasPresets = list(options['preset']).length > 0;
  const first = named.length === 0 && !hasPresets && !inputs.some(isRules) ? inputs.slice(0, 1) : [];
  const rules = [...named, ...inputs.filter(isRules), ...first];
  if (rules.length === 0 && !hasPresets)
    throw new UserError('no rule file is named', { hint: 'agentobs alerts lint rules.yml [traces/]' });
  return { rules, telemetry: inputs.filter((name) => !isRules(name) && !first.includes(name)) };
}

/** Without data and without a profile the names of all profiles are good. */
function metricsOf(
  { metrics }: MetricChoice,
  options: RawOptions,
  families: Families | undefined,
): readonly Metric[] {
  if (families !== undefined || options['profile'] !== undefined) return metrics;
  return [...metrics, ...Object.values(PROFILES).flatMap((profile) => [...profile.metrics])];
}

function notesOf(groups: readonly RuleGroup[], families: Families | undefined): readonly string[] {
  const none = groups.every(({ rules }) => rules.length === 0) ? ['there are no rules'] : [];
  return [...none, ...(families?.notes ?? [])];
}

/** `--fail-on`: a severity and everything worse; a warning unless it says otherwise. */
function gateOf({ failOn }: RawOptions): (report: Report) => number {
  const least = choice('--fail-on', typeof failOn === 'string' ? failOn : 'warning', [
    ...SEVERITIES,
    'never',
  ]);
  const limit = least === 'never' ? -1 : SEVERITIES.indexOf(least);
  return ({ checks }) =>
    (checks?.checks ?? []).some(({ ok, severity }) => ok === false && SEVERITIES.indexOf(severity) <= limit)
      ? FOUND
      : 0;
}
