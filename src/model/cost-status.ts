import type { CostStatus, UnpricedReason } from './report.ts';

const UNPRICED = 'unpriced:';

/** Is it a call whose price is not known? */
export const isUnpriced = (status: CostStatus): status is `unpriced:${UnpricedReason}` =>
  status.startsWith(UNPRICED);

/** Why a call has no price; undefined for everything else. */
export const unpricedReason = (status: CostStatus): UnpricedReason | undefined =>
  isUnpriced(status) ? (status.slice(UNPRICED.length) as UnpricedReason) : undefined;
