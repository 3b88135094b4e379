import {
  type CheckView,
  type Column,
  type LintAnswer,
  type LintView,
  type Report,
  SEVERITIES,
  type Severity,
} from '../../model/index.ts';
import type { RuleGroup } from '../rule.ts';
import type { LintFinding } from './lint.ts';

/** What is wrong with the rules of some files, the worst first. */
export function lintReport(
  groups: readonly RuleGroup[],
  findings: readonly LintFinding[],
  notes: readonly string[],
): Report {
  const views = findings.map(viewOf).sort((a, b) => rank(a.severity) - rank(b.severity));
  const count = (severity: Severity): number => views.filter((view) => view.severity === severity).length;
  const rules = groups.flatMap((group) => group.rules.map((rule) => ({ group, rule })));
  const body: LintAnswer = {
    findings: views,
    summary: {
      rules: rules.length,
      errors: count('error'),
      warnings: count('warning'),
      infos: count('info'),
    },
  };
  const faulty = new Set(findings.map(({ rule }) => rule));
  const clean = rules.filter(({ rule }) => !faulty.has(rule));
  return {
    command: 'alerts lint',
    body,
    page: 'lint',
    table: { rows: 'findings', columns: COLUMNS },
    checks: {
      suite: 'agentobs alerts lint',
      checks: [
        ...views.map(failed),
        ...clean.map(({ group, rule }): CheckView => {
          const at = { source: rule.place.file, line: rule.place.line };
          const title = `${group.name}: ${rule.name}`;
          return { id: 'rule', title, severity: 'error', ok: true, message: '', detail: [], at };
        }),
      ],
    },
    notes,
  };
}

const rank = (severity: Severity): number => SEVERITIES.indexOf(severity);

const COLUMNS: readonly Column[] = [
  { path: ['severity'], name: 'severity', label: 'severity', show: 'text' },
  { path: ['id'], name: 'id', label: 'id', show: 'text' },
  { path: ['file'], name: 'file', label: 'file', show: 'text' },
  { path: ['line'], name: 'line', label: 'line', show: 'count' },
  { path: ['group'], name: 'group', label: 'group', show: 'text' },
  { path: ['rule'], name: 'rule', label: 'rule', show: 'text' },
  { path: ['what'], name: 'what', label: 'what', show: 'text' },
  { path: ['why'], name: 'why', label: 'why', show: 'text' },
  { path: ['fix'], name: 'fix', label: 'fix', show: 'text' },
];

function viewOf({ id, severity, group, rule, what, why, fix }: LintFinding): LintView {
  const { file, line } = rule.place;
  return {
    id,
    severity,
    file,
    line,
    group: group.name,
    rule: rule.name,
    expr: rule.text.trim(),
    what,
    why,
    fix: fix ?? null,
  };
}

function failed({ id, severity, file, line, group, rule, what, why, fix }: LintView): CheckView {
  return {
    id,
    title: `${group}: ${rule}`,
    severity,
    ok: false,
    message: `${rule}: ${what}`,
    detail: [why, ...(fix === null ? [] : [`write: ${fix}`])],
    at: { source: file, line },
  };
}
