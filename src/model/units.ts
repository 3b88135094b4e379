/** A length of time in integer nanoseconds; a double holds them exactly up to 104 days. */
export type Nanos = number & { readonly unit: 'nanoseconds' };

/** A point in time: nanoseconds since 1970-01-01T00:00:00Z, with every digit the input had. */
export type Instant = bigint & { readonly unit: 'nanoseconds since the epoch' };

/**
 * Money as integer picodollars (1e-12 USD). Providers quote micro-dollars per million tokens
 * at the finest, so tokens × price is whole, and sums are exact and free of order.
 * One call fits a double; totals are carried as `bigint`.
 */
export type Pico = number & { readonly unit: 'picodollars' };

export const NANOS_PER_MILLI = 1_000_000;
export const PICO_PER_USD = 1_000_000_000_000n;

export const instant = (value: bigint): Instant => value as Instant;
export const pico = (value: number): Pico => value as Pico;
