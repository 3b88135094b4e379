/** What is so or not so of a span; bits, 16 at most. */
export const FLAG = {
  hasParent: 1,
  hasStart: 2,
  hasEnd: 4,
  failed: 8,
  aggregateUsage: 16,
  invalidUsage: 32,
  endBeforeStart: 64,
  badTime: 128,
  hasEvents: 256,
  cacheTtlTold: 512,
  cumulativeUsage: 1024,
  /** The counts are an increase, worked out from counters that never start anew; `counters` has those. */
  increasedUsage: 2048,
  /** Made of a log event: a span may report the same call. */
  fromEvent: 4096,
  halfTold: 8192,
  /** OpenTracing's FOLLOWS_FROM: its parent does not wait for it. */
  followsFrom: 16384,
} as const;
