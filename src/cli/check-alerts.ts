import { isFailure, type Verdict } from '../alerts/index.ts';
import { alertsReport } from './alerts-report.ts';
import { answer } from './answer.ts';
import { FAILED } from './failure.ts';
import type { RawOptions } from './options.ts';
import { ruleJudge } from './rule-judgement.ts';
import type { Session } from './session.ts';
import { readSettings } from './settings.ts';
import { zoneOf } from './time-text.ts';
import { optional } from './values.ts';

const FIRES = 1;
const CANNOT_TELL = 3;

export type Delivery = {
  /** Instead of the answer. */
  readonly deliver?: (verdicts: readonly Verdict[]) => Promise<void>;
  /** When the answer is written; an interrupted one has no afterwards. */
  readonly afterwards?: (verdicts: readonly Verdict[]) => Promise<void>;
};

/** Says which rules fire on this data, and returns the exit code that follows. */
export async function checkAlerts(
  inputs: readonly string[],
  options: RawOptions,
  session: Session,
  { deliver, afterwards }: Delivery = {},
): Promise<number> {
  const inconclusive = optional('--inconclusive', options['inconclusive'], ['fail', 'warn']) ?? 'warn';
  const zone = zoneOf(readSettings(options, session, true));
  const { judge, columns, shortened, fails } = await ruleJudge(options, session, zone);
  let verdicts: readonly Verdict[] = [];
  const code = await answer(inputs, options, session, {
    by: columns,
    observations: true,
    checks: true,
    emptyAnswer: true,
    ask: (data) => {
      const judged = judge(data);
      verdicts = judged.verdicts;
      return alertsReport(verdicts, {
        dataEnd: judged.replayed?.dataEnd,
        shortened,
        fails,
        notes: judged.notes,
        zone,
      });
    },
    exitCode: () => exitCode(verdicts, fails, inconclusive),
    ...(deliver !== undefined && { deliver: () => deliver(verdicts) }),
  });
  if (!session.interrupted.aborted) await afterwards?.(verdicts);
  return code;
}

function exitCode(
  verdicts: readonly Verdict[],
  fails: (severity: string | undefined) => boolean,
  inconclusive: 'fail' | 'warn',
): number {
  if (verdicts.some(({ failures }) => failures.some(isFailure))) return FAILED;
  if (verdicts.some(({ state, labels }) => state === 'firing' && fails(labels.get('severity')))) return FIRES;
  const isOpen = verdicts.some(({ state }) => state === 'pending' || state === 'no_data');
  return isOpen && inconclusive === 'fail' ? CANNOT_TELL : 0;
}
