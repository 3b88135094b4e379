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

/** `traceId`, `spanId`, `parentSpanId` */
export const TRACE_ID: u64 = 0x64496563617274;
export const SPAN_ID: u64 = 0x64496e617073;
export const PARENT_ID_FIRST: u64 = 0x7053746e65726170;
export const PARENT_ID_LAST: u64 = 0x64496e617053746e;

/** `name`, `kind`, `status`, `events`, `attributes` */
export const NAME: u64 = 0x656d616e;
export const KIND: u64 = 0x646e696b;
export const STATUS: u64 = 0x737574617473;
export const EVENTS: u64 = 0x73746e657665;
export const ATTRIBUTES_FIRST: u64 = 0x7475626972747461;
export const ATTRIBUTES_LAST: u64 = 0x7365747562697274;

/** `endTimeUnixNano`; `startTimeUnixNano` has one more byte, which stands between its words */
export const END_FIRST: u64 = 0x55656d6954646e65;
export const START_FIRST: u64 = 0x6d69547472617473;
export const START_MIDDLE: u8 = 0x65;
export const TIME_LAST: u64 = 0x6f6e614e78696e55;

/** `trace_id`, `span_id`, `startTime`; of `parent_span_id` the end, of `start_time_unix_nano` and `end_time_unix_nano` too */
export const SNAKE_TRACE_ID: u64 = 0x64695f6563617274;
export const SNAKE_SPAN_ID: u64 = 0x64695f6e617073;
export const START_TIME_LAST: u64 = 0x656d695474726174;
export const SNAKE_PARENT_ID_LAST: u64 = 0x64695f6e6170735f;
export const SNAKE_TIME_LAST: u64 = 0x6f6e616e5f78696e;

/** `code`, `message`, `STATUS_CODE_OK`; `STATUS_CODE_UNSET` and `STATUS_CODE_ERROR` have an `O` between their words */
export const CODE: u64 = 0x65646f63;
export const MESSAGE: u64 = 0x6567617373656d;
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

/** `service`; the first word of `start_time_unix_nano`, `end_time_unix_nano`, `parent_span_id`; what is between the words of the first two */
export const SERVICE: u64 = 0x65636976726573;
export const SNAKE_START_FIRST: u64 = 0x69745f7472617473;
export const SNAKE_START_MIDDLE: u32 = 0x755f656d;
export const SNAKE_END_FIRST: u64 = 0x656d69745f646e65;
export const SNAKE_END_MIDDLE: u16 = 0x755f;
export const SNAKE_PARENT_ID_FIRST: u64 = 0x735f746e65726170;
/** `context`, `parent_id`, `start_time`, `end_time`, `links`, `trace_state`, `status_code` */
export const CONTEXT: u64 = 0x747865746e6f63;
export const SNAKE_PARENT_FIRST: u64 = 0x695f746e65726170;
export const SNAKE_PARENT_LAST: u64 = 0x64695f746e657261;
export const SNAKE_START_LAST: u64 = 0x656d69745f747261;
export const SNAKE_END: u64 = SNAKE_END_FIRST;
export const LINKS: u64 = 0x736b6e696c;
export const SNAKE_TRACE_STATE_FIRST: u64 = 0x74735f6563617274;
export const SNAKE_TRACE_STATE_LAST: u64 = 0x65746174735f6563;
export const SNAKE_STATUS_CODE_FIRST: u64 = 0x635f737574617473;
export const SNAKE_STATUS_CODE_LAST: u64 = 0x65646f635f737574;
/**
 * `id`, `duration`, `parentId`, `timestamp`, `traceState`; `parentSpanContext` and `instrumentationScope` have one byte and four more
 * between their words
 */
export const ID: u64 = 0x6469;
export const DURATION: u64 = 0x6e6f697461727564;
export const SHORT_PARENT_ID: u64 = 0x6449746e65726170;
export const TIMESTAMP_FIRST: u64 = 0x6d617473656d6974;
export const TIMESTAMP_LAST: u64 = 0x706d617473656d69;
export const TRACE_STATE_FIRST: u64 = 0x6174536563617274;
export const TRACE_STATE_LAST: u64 = 0x6574617453656361;
export const PARENT_CONTEXT_FIRST: u64 = 0x7053746e65726170;
export const PARENT_CONTEXT_MIDDLE: u8 = 0x61;
export const PARENT_CONTEXT_LAST: u64 = 0x747865746e6f436e;
export const SCOPE_MEMBER_FIRST: u64 = 0x656d757274736e69;
export const SCOPE_MEMBER_MIDDLE: u32 = 0x7461746e;
export const SCOPE_MEMBER_LAST: u64 = 0x65706f63536e6f69;
/** What keys of MLflow begin with: seven bytes */
export const MLFLOW: u64 = 0x2e776f6c666c6d;
