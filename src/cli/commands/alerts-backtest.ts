import { isFailure } from '../../alerts/index.ts';
import { resolveInputs } from '../../input/resolve.ts';
import { answer, answerAll } from '../answer.ts';
import { type BacktestedRun, backtestReport } from '../backtest-report.ts';
import { FAILED } from '../failure.ts';
import { ruleJudge } from '../rule-judgement.ts';
import { readSettings } from '../settings.ts';
import { zoneOf } from '../time-text.ts';
import type { Run } from '../usage/index.ts';

/** `agentobs alerts backtest`: how often would each rule have fired? Every file is a run of its own. */
export const run: Run = async (inputs, options, session) => {
  const { judge, columns } = await ruleJudge(options, session, zoneOf(readSettings(options, session)));
  const question = { by: columns, observations: true, emptyAnswer: true } as const;
  let failed = false;
  const exitCode = (): number => (failed ? FAILED : 0);
  const report = (runs: readonly BacktestedRun[], notes: readonly string[]) => {
    failed = runs.some(({ verdicts }) => verdicts.some(({ failures }) => failures.some(isFailure)));
    return backtestReport(runs, notes);
  };
  if (inputs.length === 0) {
    return answer(inputs, options, session, {
      ...question,
      exitCode,
      ask: (data) => {
        const { verdicts, notes } = judge(data);
        return report([{ name: 'stdin', verdicts }], notes);
      },
    });
  }
  const found = await resolveInputs(inputs);
  return answerAll(
    found.map((input) => [input]),
    options,
    session,
    {
      ...question,
      exitCode,
      // A file of a folder that holds no telemetry is no run.
      each: (data) => {
        const [source] = data.input.sources;
        if (source === undefined) return undefined;
        const { verdicts, notes } = judge(data);
        return { name: source.name, verdicts, notes };
      },
      ask: (runs) => report(runs, [...new Set(runs.flatMap(({ notes }) => notes))]),
    },
  );
};
