/*
 * Names of members, told by their lengths and by words of eight bytes: the first and the last of a name, or the whole of a shorter
 * one with zeros behind it. The bytes of a word stand in it from the lowest to the highest.
 */

/** Whether a name of up to eight bytes is this one. */
@inline
export function isShort(at: usize, length: usize, word: u64): bool {
  return (load<u64>(at) << ((8 - <u64>length) << 3)) >> ((8 - <u64>length) << 3) == word;
}

/** Whether a name of nine to sixteen bytes is this one. */
@inline
export function isLong(at: usize, length: usize, first: u64, last: u64): bool {
  return load<u64>(at) == first && load<u64>(at + length - 8) == last;
}

/** `key`, `value`, `values` */
export const KEY: u64 = 0x79656b;
export const VALUE: u64 = 0x65756c6176;
export const VALUES: u64 = 0x7365756c6176;

/** `intValue`, `boolValue`, `arrayValue`, `stringValue`, `doubleValue`, `kvlistValue` */
export const INT_VALUE: u64 = 0x65756c6156746e69;
export const BOOL_VALUE_FIRST: u64 = 0x756c61566c6f6f62;
export const BOOL_VALUE_LAST: u64 = 0x65756c61566c6f6f;
export const ARRAY_VALUE_FIRST: u64 = 0x6c61567961727261;
export const ARRAY_VALUE_LAST: u64 = 0x65756c6156796172;
export const STRING_VALUE_FIRST: u64 = 0x6156676e69727473;
export const STRING_VALUE_LAST: u64 = 0x65756c6156676e69;
export const DOUBLE_VALUE_FIRST: u64 = 0x6156656c62756f64;
export const DOUBLE_VALUE_LAST: u64 = 0x65756c6156656c62;
export const KVLIST_VALUE_FIRST: u64 = 0x61567473696c766b;
export const KVLIST_VALUE_LAST: u64 = 0x65756c6156747369;

/** `name`, `attributes`, `context` */
export const NAME: u64 = 0x656d616e;
export const ATTRIBUTES_FIRST: u64 = 0x7475626972747461;
export const ATTRIBUTES_LAST: u64 = 0x7365747562697274;
export const CONTEXT: u64 = 0x747865746e6f63;

/** `STATUS_CODE_OK`; `STATUS_CODE_UNSET` and `STATUS_CODE_ERROR` have an `O` between their words */
export const STATUS_CODE_FIRST: u64 = 0x435f535554415453;
export const STATUS_CODE_OK_LAST: u64 = 0x4b4f5f45444f435f;
export const STATUS_CODE_MIDDLE: u8 = 0x4f;
export const STATUS_CODE_UNSET_LAST: u64 = 0x5445534e555f4544;
export const STATUS_CODE_ERROR_LAST: u64 = 0x524f5252455f4544;

/** `exception` */
export const EXCEPTION_FIRST: u64 = 0x6f69747065637865;
export const EXCEPTION_LAST: u64 = 0x6e6f697470656378;

/** `resourceSpans`, `resource`, `scopeSpans`, `schemaUrl`, `scope`, `spans` */
export const RESOURCE: u64 = 0x656372756f736572;
export const RESOURCE_SPANS_LAST: u64 = 0x736e617053656372;
export const SCOPE_SPANS_FIRST: u64 = 0x61705365706f6373;
export const SCOPE_SPANS_LAST: u64 = 0x736e61705365706f;
export const SCHEMA_URL_FIRST: u64 = 0x7255616d65686373;
export const SCHEMA_URL_LAST: u64 = 0x6c7255616d656863;
export const SCOPE: u64 = 0x65706f6373;
export const SPANS: u64 = 0x736e617073;

/** What keys of MLflow begin with: seven bytes */
export const MLFLOW: u64 = 0x2e776f6c666c6d;
