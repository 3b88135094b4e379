import type { PriceSource } from '../model/index.ts';
import type { Dataset } from '../pipeline.ts';

/** Seconds. */
const DAY = 86_400;
/** Prices change every few weeks; after this, some of them have. */
const OLD = 60 * DAY;

/** A warning when calls were priced by lists that are much older than the calls. */
export function priceAgeNotes({ forest, bill, selected }: Dataset, source: PriceSource): string[] {
  const { table } = forest;
  const asOf = [source.as_of, ...(source.imports ?? []).map((one) => one.as_of)].sort().at(-1)!;
  const published = Date.parse(asOf) / 1000;
  if (table.latestSecond() <= published + OLD) return [];
  let newest = published + OLD;
  // From the end, as the newest call is nearly always there: few calls have to be reckoned again.
  for (let p = forest.length - 1; p >= 0; p--) {
    const second = table.startSecondOf(forest.row[p]!);
    if (second <= newest || bill.status(p) !== 'computed' || selected?.(p) === false) continue;
    if (isListed(bill.reckon(p))) newest = second;
  }
  if (newest === published + OLD) return [];
  const days = Math.floor((newest - published) / DAY);
  return [
    `prices are as of ${asOf}, ${days} days before the newest call; newer lists: agentobs prices import --from FILE`,
  ];
}

/** What the user wrote is as new as they say. */
function isListed(reckoning: ReturnType<Dataset['bill']['reckon']>): boolean {
  const price = reckoning?.price;
  return price?.status === 'computed' && price.match.layer !== 'config' && price.match.layer !== 'file';
}
