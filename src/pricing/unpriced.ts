import type { Price, UnpricedReason } from '../model/index.ts';

type Bounds = Extract<Price, { status: 'unpriced' }>['bounds'];

/** `hint` is made when it is first read: of a million calls that have no price, a person sees a few. */
export function unpriced(reason: UnpricedReason, hint: () => string, bounds?: Bounds): Price {
  let made: string | undefined;
  return {
    status: 'unpriced',
    reason,
    get hint() {
      made ??= hint();
      return made;
    },
    ...(bounds === undefined ? {} : { bounds }),
  };
}
