import type { Instant } from '../../model/index.ts';
import type { JsonValue } from '../format.ts';
import { isoTime } from '../time.ts';

/** What a run's place in its trace tells about the run. */
export type DottedOrder = {
  readonly traceId: string;
  readonly parentId: string | undefined;
  readonly id: string;
  readonly start: Instant | undefined;
};

/** `20241013T070538291001Z` and the run's id: https://docs.langchain.com/langsmith/run-data-format#what-is-dotted_order */
const SEGMENT = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(\d{3,9})Z([\w-]{1,64})$/;

/** The segments of a `dotted_order` from the root to the run; undefined where it is none. */
export function parseDottedOrder(value: JsonValue): DottedOrder | undefined {
  if (typeof value !== 'string') return undefined;
  const from = value.lastIndexOf('.') + 1;
  const own = SEGMENT.exec(value.slice(from));
  if (own === null) return undefined;
  const [, year, month, day, hour, minute, second, fraction, id] = own;
  const start = isoTime(`${year}-${month}-${day}T${hour}:${minute}:${second}.${fraction}Z`);
  const parentFrom = from < 2 ? -1 : value.lastIndexOf('.', from - 2) + 1;
  const rootTo = value.indexOf('.');
  return {
    traceId: SEGMENT.exec(rootTo < 0 ? value : value.slice(0, rootTo))?.[8] ?? id!,
    parentId: parentFrom < 0 ? undefined : SEGMENT.exec(value.slice(parentFrom, from - 1))?.[8],
    id: id!,
    start: start === 'bad' ? undefined : start,
  };
}
