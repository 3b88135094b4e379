import type { RuleGroup } from '../alerts/index.ts';
import { nearest, UserError } from '../model/index.ts';

/** What severities are called, the worst first; those in a row mean the same. */
const RANKS = [
  ['critical', 'page', 'emergency', 'fatal', 'disaster'],
  ['error', 'high', 'major'],
  ['warning', 'warn', 'medium', 'minor', 'ticket'],
  ['info', 'notice', 'low', 'information', 'informational', 'none'],
] as const;

const rankOf = (severity: string): number =>
  RANKS.findIndex((names) => (names as readonly string[]).includes(severity.toLowerCase()));

/**
 * Whether an alert of a severity (undefined: it has none) makes the answer a failure. Without `--fail-on` every alert does;
 * with it those at or above the named severity, and those whose severity says nothing.
 */
export function failsOn(
  failOn: string | undefined,
  groups: readonly RuleGroup[],
): (severity: string | undefined) => boolean {
  if (failOn === undefined || failOn === 'any') return () => true;
  const limit = rankOf(failOn);
  if (limit < 0) {
    const own = new Set(
      groups.flatMap(({ rules }) => rules.map(({ labels }) => labels.get('severity') ?? '')),
    );
    const known = [...RANKS.map(([name]) => name as string), 'any', ...own].filter((name) => name !== '');
    if (!own.has(failOn)) {
      const near = nearest(failOn, known);
      throw new UserError(`--fail-on '${failOn}': no such severity`, {
        hint: `${near === undefined ? '' : `Did you mean '${near}'? `}There are: ${[...new Set(known)].join(', ')}.`,
      });
    }
    return (severity) => severity === undefined || severity === '' || severity === failOn;
  }
  return (severity) => {
    const rank = severity === undefined ? -1 : rankOf(severity);
    return rank <= limit;
  };
}

/** The name that others give a severity; an unknown one, or none, is an error. */
export function levelNameOf(severity: string | undefined): (typeof RANKS)[number][0] {
  return RANKS[severity === undefined ? -1 : rankOf(severity)]?.[0] ?? 'error';
}

/** How annotations for CI systems show it. */
export function levelOf(severity: string | undefined): 'error' | 'warning' | 'info' {
  const rank = severity === undefined ? 0 : rankOf(severity);
  return rank === 2 ? 'warning' : rank === 3 ? 'info' : 'error';
}
