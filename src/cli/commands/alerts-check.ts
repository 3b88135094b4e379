import {
  nothingToJudge,
  type ReplayedRules,
  type RuleGroup,
  replayRules,
  type Verdict,
  verdictsOf,
} from '../../alerts/index.ts';
import { failsOn } from '../alert-severity.ts';
import { alertsReport } from '../alerts-report.ts';
import { answer } from '../answer.ts';
import { FAILED } from '../failure.ts';
import { familiesOf, metricChoice } from '../metric-choice.ts';
import type { RawOptions } from '../options.ts';
import { replayChoice, tailOf } from '../replay-options.ts';
import { ruleChoice } from '../rule-choice.ts';
import { optional } from '../values.ts';
import type { Run } from './index.ts';

const FIRES = 1;
const CANNOT_TELL = 3;

/** `agentobs alerts check`: which rules of a Prometheus would have fired on this data, when, and because of which traces? */
export const run: Run = async (inputs, options, session) => {
  const { version, interval } = replayChoice(options);
  const tail = tailOf(options);
  const ignoreFor = options['ignoreFor'] === true;
  const inconclusive = optional('--inconclusive', options['inconclusive'], ['fail', 'warn']) ?? 'warn';
  const groups = withoutFor(await ruleChoice(options, session.cwd, version), ignoreFor);
  const fails = failsOn(severityOption(options), groups);
  const choice = await metricChoice(options, session);
  let verdicts: readonly Verdict[] = [];
  return answer(inputs, options, session, {
    by: choice.columns,
    observations: true,
    checks: true,
    emptyAnswer: true,
    ask: (data) => {
      const families = familiesOf(data, choice);
      const replayed = replayRules(families, groups, { interval, version, tail });
      verdicts = judged(groups, replayed, choice.metrics);
      return alertsReport(verdicts, {
        dataEnd: replayed?.dataEnd,
        ignoreFor,
        fails,
        notes: [...families.notes, ...(replayed?.period.notes ?? [])],
      });
    },
    exitCode: () => exitCode(verdicts, fails, inconclusive),
  });
};

function severityOption({ failOn }: RawOptions): string | undefined {
  return typeof failOn === 'string' ? failOn : undefined;
}

/** `--ignore-for`: whatever is true once fires. */
function withoutFor(groups: readonly RuleGroup[], ignoreFor: boolean): readonly RuleGroup[] {
  if (!ignoreFor) return groups;
  return groups.map((group) => ({
    ...group,
    rules: group.rules.map((rule) => (rule.kind === 'alert' ? { ...rule, for: 0 } : rule)),
  }));
}

function judged(
  groups: readonly RuleGroup[],
  replayed: ReplayedRules | undefined,
  metrics: Parameters<typeof verdictsOf>[1],
): readonly Verdict[] {
  if (replayed !== undefined) return verdictsOf(replayed, metrics);
  return groups.flatMap((group) =>
    group.rules.flatMap((rule) => (rule.kind === 'alert' ? [nothingToJudge(group, rule)] : [])),
  );
}

function exitCode(
  verdicts: readonly Verdict[],
  fails: (severity: string | undefined) => boolean,
  inconclusive: 'fail' | 'warn',
): number {
  if (verdicts.some(({ state, labels }) => state === 'firing' && fails(labels.get('severity')))) return FIRES;
  if (verdicts.some(({ failures }) => failures.length > 0)) return FAILED;
  const isOpen = verdicts.some(({ state }) => state === 'pending' || state === 'no_data');
  return isOpen && inconclusive === 'fail' ? CANNOT_TELL : 0;
}
