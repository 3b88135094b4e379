import { spawnSync } from 'node:child_process';
import { attemptsOf } from '../../src/analyses/attempts.ts';
import {
  type CollectOptions,
  collect,
  type Families,
  type Family,
  type Metric,
  sumOf,
} from '../../src/metrics/index.ts';
import { datasetOf, type Scene } from '../analyses/dataset.ts';

/** The families of sketched spans. */
export function familiesOf(
  scenes: readonly Scene[],
  metrics: readonly Metric[],
  options?: CollectOptions,
): Families {
  const data = datasetOf(scenes);
  return collect({ ...data, attempts: () => attemptsOf(data) }, metrics, options);
}

/** What every series of a family adds up to, by its labels. */
export function sums(family: Family): Record<string, number> {
  return Object.fromEntries(
    family.series.map((labels, s) => [labels.join(' '), sumOf(family, family.from[s]!, family.from[s + 1]!)]),
  );
}

/** Whether Prometheus' own tool is at hand. */
export const hasPromtool = spawnSync('promtool', ['--version']).status === 0;

/** What `promtool` says of a text on its standard input, and how it ends. */
export function promtool(args: readonly string[], input: string): { code: number | null; said: string } {
  const { status, stdout, stderr } = spawnSync('promtool', args, {
    input,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  return { code: status, said: stdout + stderr };
}
