import { type Column, type Money, PICO_PER_USD, type Quantity, type Value } from '../model/index.ts';
import { isQuantity } from './exact.ts';
import {
  formatCount,
  formatDuration,
  formatMoney,
  formatShare,
  formatTime,
  formatTokens,
  type MoneyStyle,
  UNKNOWN,
} from './format.ts';
import { safeText } from './text.ts';

/** Columns whose values are compared by size: right-aligned wherever they are shown. */
export const isNumeric = ({ show }: Column): boolean => show !== 'text' && show !== 'id' && show !== 'time';

/** The values of one column as a person reads them; safe to print. */
export function columnTexts(column: Column, values: readonly (Value | undefined)[], zone: string): string[] {
  const style = column.show === 'money' ? moneyStyle(values) : 'call';
  return values.map((value) => cellText(column, value, zone, style));
}

function cellText(column: Column, value: Value | undefined, zone: string, style: MoneyStyle): string {
  if (value === undefined || value === null) return UNKNOWN;
  if (typeof value === 'object') return isQuantity(value) ? quantityText(value, zone, style) : UNKNOWN;
  if (typeof value !== 'number') return safeText(String(value));
  if (column.show === 'share') return formatShare(value);
  return column.show === 'tokens' ? formatTokens(value) : formatCount(value);
}

function quantityText(quantity: Quantity, zone: string, style: MoneyStyle): string {
  if (quantity.unit === 'usd') return formatMoney(quantity, style);
  return quantity.unit === 'ms' ? formatDuration(quantity.nanos) : formatTime(quantity.at, zone);
}

/** Four decimals while a column stays small, cents once it does not: one column reads in one precision. */
function moneyStyle(values: readonly (Value | undefined)[]): MoneyStyle {
  const large = values.some((value) => ((value as Money | undefined)?.pico ?? 0n) >= 10n * PICO_PER_USD);
  return large ? 'total' : 'call';
}
