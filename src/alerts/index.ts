export { alertsAt, annotationsOf, stateAt } from './alerts-at.ts';
export { longestLook, type RuleInput, type RuleInputs, ruleInputs } from './check/inputs.ts';
export { type ReplayedRules, type ReplayRulesOptions, replayRules } from './check/replay-rules.ts';
export { holdsInSilence } from './check/silence.ts';
export { isFailure, nothingToJudge, type Verdict, type VerdictState, verdictsOf } from './check/verdict.ts';
export { evaluateRules } from './evaluate.ts';
export type {
  ActiveAlert,
  AlertingOutcome,
  AlertState,
  Episode,
  EvaluateOptions,
  Evaluation,
  Outcome,
  RecordingOutcome,
  RuleFailure,
} from './outcome.ts';
export type {
  AlertingRule,
  Place,
  RecordingRule,
  Rule,
  RuleContext,
  RuleGroup,
  RulePath,
} from './rule.ts';
export { parseRules } from './rules.ts';
export { expandTemplate, type TemplateData } from './templates/index.ts';
