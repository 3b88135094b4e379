import { byName, type Fails, isAny, type Shape, type StepShape } from './shape-model.ts';

/** The first line of a file, with the version of what follows. */
export const HEADER = 'agentobs-shape 1';

const COMMENT = [
  '# What the runs of each kind look like: every line is a step, with how often one call of the step above it calls it.',
  '# Runs are held against this file by `agentobs check --shape FILE`. To accept what has changed, write it anew with',
  '# `agentobs check --save-shape FILE` and review the difference. `2..4` may be edited, and `*` means any.',
];

export const FAIL_WORDS: Readonly<Record<Fails, string>> = {
  never: '',
  sometimes: ', may fail',
  always: ', always fails',
};
export const ORDER_WORDS = ', in order';

/** The text to commit: the same shape is always the same text, a step a line, so that a diff of it can be read. */
export function writeShape(shape: Shape): string {
  const lines = [HEADER, ...COMMENT];
  for (const { name, steps } of shape.kinds.toSorted((a, b) => byName(a.name, b.name))) {
    lines.push('', `run ${name}`);
    // Depth first; what comes next is at the end.
    const open = sorted(steps, false).map((step) => ({ step, depth: 1 }));
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      const { step, depth } = next;
      lines.push(`${'  '.repeat(depth)}${step.step} ${times(step)}${marks(step)}`);
      for (const below of sorted(step.steps, step.inOrder)) open.push({ step: below, depth: depth + 1 });
    }
  }
  return `${lines.join('\n')}\n`;
}

/** Last one first. */
function sorted(steps: readonly StepShape[], inOrder: boolean): StepShape[] {
  return (inOrder ? [...steps] : steps.toSorted((a, b) => byName(a.step, b.step))).reverse();
}

function times({ low, high, step }: StepShape): string {
  if (isAny(step)) return '×0..*';
  if (low === high) return `×${low}`;
  return `×${low}..${high === Number.POSITIVE_INFINITY ? '*' : high}`;
}

function marks({ step, fails, inOrder }: StepShape): string {
  return isAny(step) ? '' : `${FAIL_WORDS[fails]}${inOrder ? ORDER_WORDS : ''}`;
}
