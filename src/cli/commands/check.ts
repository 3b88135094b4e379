import { type Baseline, readBaseline } from '../../analyses/baseline.ts';
import { checkReport } from '../../analyses/gate.ts';
import { keyedRuns } from '../../analyses/run-keys.ts';
import { runMeasures } from '../../analyses/run-measures.ts';
import { type PriceSource, type Report, SIGNATURES, UserError } from '../../model/index.ts';
import { CASE_KEYS } from '../../normalize/case-keys.ts';
import { answer } from '../answer.ts';
import { loadConfig } from '../config.ts';
import { type Expected, gatesOf } from '../gate-answers.ts';
import { besideConfig, gateFile } from '../gate-files.ts';
import { gateOptions, joined } from '../gate-options.ts';
import { openSaves, type Saves, writeSaves } from '../gate-saves.ts';
import { type GateSettings, PAIR_KEY } from '../gate-settings.ts';
import { readSettings } from '../settings.ts';
import type { Run } from '../usage/index.ts';

const FAILED = 1;
const CANNOT_TELL = 3;

/** `agentobs check`: do budgets and limits hold, have runs become worse, do they still have their shape? */
export const run: Run = async (inputs, options, session) => {
  const { config, strict } = readSettings(options, session, true);
  const settings = joined(gateOptions(options), besideConfig(await loadConfig(config, session)));
  const saves = await openSaves(options, session);
  refuseNothing(settings, saves);
  const expected = await expectedOf(settings, saves, session.cwd);
  const pairKeys = pairKeysOf(settings, expected.baseline, saves);
  return answer(inputs, options, session, {
    by: [...settings.budgetPer.keys(), ...pairKeys, ...(settings.maxWaste === undefined ? [] : SIGNATURES)],
    checks: true,
    ask: async (data, prices) => {
      const keyed = keyedRuns(data, runMeasures(data), pairKeys);
      const gates = await gatesOf(data, keyed.runs, settings, expected);
      const saved = await writeSaves(saves, data, keyed, { prices, gates, strict, session });
      return checkReport(gates, [
        ...(keyed.runs.length === 0 && data.selected !== undefined ? ['no span meets the filters'] : []),
        ...(settings.pairBy !== undefined && keyed.pairBy === null
          ? [`no run has a value of ${settings.pairBy}: runs are not paired`]
          : []),
        ...priceNotes(expected.baseline, prices.source),
        ...saved,
      ]);
    },
    exitCode,
  });
};

function exitCode({ checks }: Report): number {
  const answers = (checks?.checks ?? []).map(({ ok }) => ok);
  if (answers.includes(false)) return FAILED;
  return answers.includes(null) ? CANNOT_TELL : 0;
}

/** Comparing nothing and passing would be worse than any failure. */
function refuseNothing(settings: GateSettings, saves: Saves): void {
  const { budget, budgetPer, maxDuration, maxErrors, maxTokens, maxWaste, maxUnpriced } = settings;
  const { baseline, shape, maxIncrease } = settings;
  const single = [budget, maxDuration, maxErrors, maxTokens, maxWaste, maxUnpriced, baseline, shape];
  const isSaving = saves.baseline !== undefined || saves.shape !== undefined;
  if (maxIncrease.size > 0 && baseline === undefined && saves.baseline === undefined) {
    throw new UserError('--max-increase: there is nothing to compare with', {
      hint: 'Name a file with --baseline; agentobs check --save-baseline FILE writes it.',
    });
  }
  if (isSaving || budgetPer.size > 0 || single.some((one) => one !== undefined)) return;
  throw new UserError('check: no gate is set', {
    hint: 'Name one, e.g. --budget 2.50 or --max-errors 0, or write some under gates: in agentobs.yaml. See agentobs check --help.',
  });
}

async function expectedOf(settings: GateSettings, saves: Saves, cwd: string): Promise<Expected> {
  const baseline = gateFile('--baseline', settings.baseline, cwd, saves.baseline !== undefined);
  const shape = gateFile('--shape', settings.shape, cwd, saves.shape !== undefined);
  return {
    baseline: baseline && readBaseline(baseline.text, baseline.name),
    shape: shape && (await import('../../analyses/shape.ts')).readShape(shape.text, shape.name),
  };
}

/** Dimensions that may say which runs belong together. Runs are paired by what those of the baseline are. */
function pairKeysOf(
  { pairBy, baseline: name }: GateSettings,
  baseline: Baseline | undefined,
  saves: Saves,
): readonly string[] {
  if (baseline === undefined) {
    if (pairBy !== undefined) return [pairBy];
    return saves.baseline === undefined ? [] : CASE_KEYS;
  }
  const known = baseline.pairBy;
  if (known !== null && PAIR_KEY.read(known) === undefined)
    throw new UserError(`${name}: pair_by: '${known}' is no ${PAIR_KEY.like}`);
  if (pairBy !== undefined && pairBy !== known) {
    throw new UserError(
      `--pair-by ${pairBy}: ${name} was saved ${known === null ? 'without' : `with ${known}`}`,
      {
        hint: 'Write it anew with --save-baseline, from runs to compare with.',
      },
    );
  }
  return known === null ? [] : [known];
}

function priceNotes(baseline: Baseline | undefined, now: PriceSource): readonly string[] {
  if (baseline === undefined) return [];
  const { source, version, as_of: asOf } = baseline.prices;
  if (source === now.source && version === now.version && asOf === now.as_of) return [];
  return [
    `list prices have changed since the baseline (${asOf}, now ${now.as_of}): a change of cost may be theirs`,
  ];
}
