import {
  nothingToJudge,
  type ReplayedRules,
  type Rule,
  type RuleGroup,
  replayRules,
  type Verdict,
  verdictsOf,
} from '../alerts/index.ts';
import type { Families } from '../metrics/index.ts';
import type { SeriesSource } from '../model/index.ts';
import type { Dataset } from '../pipeline.ts';
import { failsOn } from './alert-severity.ts';
import { lostLabelNotes } from './lost-labels.ts';
import { familiesOf, type MetricChoice, metricChoice } from './metric-choice.ts';
import type { RawOptions } from './options.ts';
import { replayChoice, tailOf } from './replay-options.ts';
import { ruleChoice } from './rule-choice.ts';
import type { Session } from './session.ts';
import { timeText } from './time-text.ts';

/** The rules that options name, and how they are judged on data. */
export type RuleJudge = {
  readonly groups: readonly RuleGroup[];
  /** For `Question.by`. */
  readonly columns: MetricChoice['columns'];
  /** Rules whose `for` was left out. */
  readonly shortened: ReadonlySet<Rule>;
  /** Whether an alert of a severity makes the answer a failure. */
  readonly fails: (severity: string | undefined) => boolean;
  readonly judge: (data: Dataset) => Judged;
};

type Judged = {
  readonly verdicts: readonly Verdict[];
  readonly families: Families;
  /** Undefined where no span has a time. */
  readonly replayed: ReplayedRules | undefined;
  readonly notes: readonly string[];
};

/**
 * Reads the rule files; throws a `UserError` with all that is wrong with them or with the options. What is said of the data
 * names times in `zone`.
 */
export async function ruleJudge(options: RawOptions, session: Session, zone: string): Promise<RuleJudge> {
  const { version, interval } = replayChoice(options);
  const tail = tailOf(options);
  const ignoreFor = options['ignoreFor'] === true;
  const choice = await metricChoice(options, session);
  const named = await ruleChoice(options, session.cwd, version, choice.metrics);
  const { groups, shortened } = ignoreFor ? withoutFor(named) : { groups: named, shortened: new Set<Rule>() };
  const { failOn } = options;
  return {
    groups,
    columns: choice.columns,
    shortened,
    fails: failsOn(typeof failOn === 'string' ? failOn : undefined, groups),
    judge: (data) => {
      const families = familiesOf(data, choice);
      const replayed = replayRules(families, groups, {
        interval,
        version,
        tail,
        timeText: (time) => timeText(time, zone),
      });
      const verdicts = replayed === undefined ? undecided(groups) : verdictsOf(replayed, choice.metrics);
      const lost = replayed === undefined ? [] : lostIn(groups, replayed.evaluation.source);
      const notes = [...families.notes, ...(replayed?.period.notes ?? []), ...lost];
      return { verdicts, families, replayed, notes };
    },
  };
}

/** What alerts of all users, runs or tools together take for one of each. */
function lostIn(groups: readonly RuleGroup[], source: SeriesSource): string[] {
  return groups.flatMap(({ rules }) =>
    rules.flatMap((rule) => lostLabelNotes(rule.expr, source).map((note) => `${rule.name}: ${note}`)),
  );
}

/** `--ignore-for`: whatever is true once fires. */
function withoutFor(named: readonly RuleGroup[]): Pick<RuleJudge, 'groups' | 'shortened'> {
  const shortened = new Set<Rule>();
  const groups = named.map((group) => ({
    ...group,
    rules: group.rules.map((rule): Rule => {
      if (rule.kind !== 'alert' || rule.for === 0) return rule;
      const short = { ...rule, for: 0 };
      shortened.add(short);
      return short;
    }),
  }));
  return { groups, shortened };
}

function undecided(groups: readonly RuleGroup[]): readonly Verdict[] {
  return groups.flatMap((group) =>
    group.rules.flatMap((rule) => (rule.kind === 'alert' ? [nothingToJudge(group, rule)] : [])),
  );
}
