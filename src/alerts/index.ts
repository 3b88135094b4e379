export { alertsAt } from './alerts-at.ts';
export { type ReplayedRules, replayRules } from './check/replay-rules.ts';
export { isFailure, nothingToJudge, type Verdict, type VerdictState, verdictsOf } from './check/verdict.ts';
export { evaluateRules } from './evaluate.ts';
export type { AlertingOutcome, Evaluation } from './outcome.ts';
export { PRESETS, type Preset, presetNamed, ruleFileOf } from './presets/index.ts';
export type {
  AlertingRule,
  RecordingRule,
  Rule,
  RuleContext,
  RuleGroup,
} from './rule.ts';
export { parseRules } from './rules.ts';
export { expandTemplate, type TemplateData } from './templates/index.ts';
