import { UNCLAIMED } from './detect.ts';
import type { Dialect } from './dialect.ts';

/**
 * One plan for every dialect that a span may be recognised as, and one for none: `make` gets the tables in the order in
 * which they are believed, the recognised one first. Plans are made when first needed; most inputs speak one or two.
 */
export function ownFirst<Plan>(
  dialects: readonly Dialect[],
  make: (order: readonly Dialect[], own: Dialect | undefined) => Plan,
): (dialect: number) => Plan {
  const plans: (Plan | undefined)[] = [];
  return (dialect) => {
    let plan = plans[dialect + 1];
    if (plan === undefined) {
      const own = dialect === UNCLAIMED ? undefined : dialects[dialect];
      plan = make(own === undefined ? dialects : [own, ...dialects.filter((other) => other !== own)], own);
      plans[dialect + 1] = plan;
    }
    return plan;
  };
}
