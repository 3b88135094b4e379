import type { Random } from './random.ts';

/** Whether what comes next is to be other than usual: asked at each opportunity. */
export type Odd = () => boolean;

/** Opportunities of a span, roughly. */
const OPPORTUNITIES = 24;

/** For one span: mostly never, often once, so that nothing else hides what comes of it, else now and then. */
export function oddities(random: Random): Odd {
  const mode = random.below(10);
  if (mode < 5) return () => false;
  if (mode === 9) return () => random.chance(0.1);
  let left = random.below(OPPORTUNITIES);
  return () => left-- === 0;
}
