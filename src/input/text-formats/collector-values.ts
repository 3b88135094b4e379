import type { AttributeValue } from '../../model/index.ts';
import { parseJson } from '../json.ts';
import { isoTime, type TimeReading } from '../time.ts';
import { attributeValue, wholeNumber } from '../values.ts';

/** `2020-02-11 20:26:12.000000321 +0000 UTC`, as Go prints a time; the epoch stands for none. */
export function collectorTime(text: string): TimeReading {
  const time = isoTime(text.replace(/ UTC$/, ''));
  return time === 0n ? undefined : time;
}

/** `Int(5)`, `Str(v)`, `Slice([…])`: the type of a value and how it reads. The bracket at the end may be missing. */
export function collectorValue(text: string): AttributeValue {
  const open = text.indexOf('(');
  const type = text.slice(0, open).toUpperCase();
  const value = text.slice(open + 1, text.endsWith(')') ? -1 : undefined);
  if (type === 'INT' && /^-?\d{1,19}$/.test(value)) return wholeNumber(BigInt(value));
  if (type === 'DOUBLE' && value !== '' && !Number.isNaN(Number(value))) return Number(value);
  if (type === 'BOOL') return value === 'true';
  if (type === 'EMPTY' || type === 'NULL') return null;
  if (type !== 'SLICE' && type !== 'ARRAY' && type !== 'MAP') return value;
  const parsed = parseJson(value);
  return 'failure' in parsed ? value : attributeValue(parsed.value);
}
