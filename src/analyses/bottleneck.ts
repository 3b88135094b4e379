import { type Forest, stepName } from '../model/index.ts';
import type { CriticalPath } from './critical-path.ts';

/** The step with the most own time on the critical path of a trace. */
export type Bottleneck = {
  readonly step: string;
  /** The span of that step with the most of it. */
  readonly position: number;
  /** Nanoseconds of all its spans together. */
  readonly own: number;
};

/** Undefined where nothing took time. Of equals, the step that comes first in the tree. */
export function bottleneck(forest: Forest, path: CriticalPath): Bottleneck | undefined {
  const { first, length } = path.timing;
  const steps = new Map<string, { step: string; position: number; most: number; own: number }>();
  let largest: { step: string; position: number; most: number; own: number } | undefined;
  for (let i = 0; i < length; i++) {
    const own = path.own[i]!;
    if (own === 0) continue;
    const name = stepName(forest.table, forest.row[first + i]!);
    let step = steps.get(name);
    if (step === undefined) {
      step = { step: name, position: first + i, most: own, own: 0 };
      steps.set(name, step);
    }
    step.own += own;
    if (own > step.most) {
      step.most = own;
      step.position = first + i;
    }
  }
  for (const step of steps.values()) if (largest === undefined || step.own > largest.own) largest = step;
  return largest;
}
