import type { Vocabulary } from '../../metrics/index.ts';

/** Rules that come with the program: an ordinary rule file, in the names of whichever profile is in use. */
export type Preset = {
  readonly name: string;
  /** What it watches, in a line. */
  readonly help: string;
  readonly groups: (say: Vocabulary) => readonly PresetGroup[];
};

export type PresetGroup = {
  readonly name: string;
  /** Why its rules are as they are; a comment in the file. */
  readonly why: readonly string[];
  readonly rules: readonly PresetRule[];
};

/** An alerting rule as it stands in a file. */
export type PresetRule = {
  readonly alert: string;
  /** What is not plain from the expression; a comment in the file. */
  readonly why?: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly summary: string;
};

/** The same alert at two limits. */
export function levels(
  rule: Omit<PresetRule, 'labels' | 'expr' | 'summary'> & { readonly preset: string },
  limits: readonly (readonly [severity: 'warning' | 'critical', limit: string])[],
  text: (limit: string) => Pick<PresetRule, 'expr' | 'summary'>,
): readonly PresetRule[] {
  const { preset, why, ...rest } = rule;
  return limits.map(([severity, limit], i) => ({
    ...rest,
    ...(why !== undefined && i === 0 && { why }),
    ...text(limit),
    labels: { severity, preset },
  }));
}

/** The value of a label, in a template; `another` where the profile has no such label. */
export function labelValue(name: string | undefined, another: string): string {
  return name === undefined ? another : `{{ $labels.${name} }}`;
}

/** The value as money, in a template. */
export const VALUE_IN_USD = `\${{ printf "%.2f" $value }}`;

/** `0.05` as people read it: `5%`. */
export const percent = (share: string): string => `${Number((Number(share) * 100).toFixed(6))}%`;
