import { isFailure, type Verdict } from '../../alerts/index.ts';
import { alertsReport } from '../alerts-report.ts';
import { answer } from '../answer.ts';
import { FAILED } from '../failure.ts';
import { ruleJudge } from '../rule-judgement.ts';
import { optional } from '../values.ts';
import type { Run } from './index.ts';

const FIRES = 1;
const CANNOT_TELL = 3;

/** `agentobs alerts check`: which rules of a Prometheus would have fired on this data, when, and because of which traces? */
export const run: Run = async (inputs, options, session) => {
  const inconclusive = optional('--inconclusive', options['inconclusive'], ['fail', 'warn']) ?? 'warn';
  const { judge, columns, ignoreFor, fails } = await ruleJudge(options, session);
  let verdicts: readonly Verdict[] = [];
  return answer(inputs, options, session, {
    by: columns,
    observations: true,
    checks: true,
    emptyAnswer: true,
    ask: (data) => {
      const judged = judge(data);
      verdicts = judged.verdicts;
      return alertsReport(verdicts, {
        dataEnd: judged.replayed?.dataEnd,
        ignoreFor,
        fails,
        notes: judged.notes,
      });
    },
    exitCode: () => exitCode(verdicts, fails, inconclusive),
  });
};

function exitCode(
  verdicts: readonly Verdict[],
  fails: (severity: string | undefined) => boolean,
  inconclusive: 'fail' | 'warn',
): number {
  if (verdicts.some(({ state, labels }) => state === 'firing' && fails(labels.get('severity')))) return FIRES;
  if (verdicts.some(({ failures }) => failures.some(isFailure))) return FAILED;
  const isOpen = verdicts.some(({ state }) => state === 'pending' || state === 'no_data');
  return isOpen && inconclusive === 'fail' ? CANNOT_TELL : 0;
}
