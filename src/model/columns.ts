/** The next capacity of columns that are full. */
export const grown = (capacity: number): number => (capacity === 0 ? 1024 : Math.ceil(capacity * 1.5));

type Column = Int32Array | Uint32Array | Uint16Array | Uint8Array | Float64Array;

/** A copy with room for `capacity` values; what is new is 0. */
export function enlarged<T extends Column>(column: T, capacity: number): T {
  const larger = new (column.constructor as new (length: number) => T)(capacity);
  larger.set(column);
  return larger;
}
