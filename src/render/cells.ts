import { type Column, type Money, PICO_PER_USD, type Quantity, type Value } from '../model/index.ts';
import { isQuantity } from './exact.ts';
import {
  formatCount,
  formatDuration,
  formatMoney,
  formatNumber,
  formatShare,
  formatTime,
  formatTokens,
  formatWhole,
  type MoneyStyle,
  UNKNOWN,
} from './format.ts';
import { safeText } from './text.ts';

/** Columns whose values are compared by size: right-aligned wherever they are shown. */
export const isNumeric = ({ show }: Column): boolean => show !== 'text' && show !== 'id' && show !== 'time';

/** The values of one column as a person reads them; safe to print. */
export function columnTexts(column: Column, values: readonly (Value | undefined)[], zone: string): string[] {
  if (column.show === 'exact') return exactTexts(values);
  const style = column.show === 'money' ? moneyStyle(values) : 'call';
  return values.map((value) => cellText(column, value, zone, style));
}

function cellText(column: Column, value: Value | undefined, zone: string, style: MoneyStyle): string {
  if (value === undefined || value === null) return UNKNOWN;
  if (typeof value === 'object')
    return isQuantity(value) ? quantityText(column, value, zone, style) : UNKNOWN;
  if (typeof value !== 'number') return safeText(String(value));
  if (column.show === 'share') return formatShare(value);
  if (column.show === 'number') return formatNumber(value);
  return column.show === 'tokens' ? formatTokens(value) : formatCount(value);
}

function quantityText({ unknown }: Column, quantity: Quantity, zone: string, style: MoneyStyle): string {
  if (quantity.unit === 'usd')
    return quantity.pico === undefined && unknown !== undefined ? unknown : formatMoney(quantity, style);
  return quantity.unit === 'ms' ? formatDuration(quantity.nanos) : formatTime(quantity.at, zone);
}

/** Four decimals while a column stays small, cents once it does not: one column reads in one precision. */
function moneyStyle(values: readonly (Value | undefined)[]): MoneyStyle {
  const large = values.some((value) => ((value as Money | undefined)?.pico ?? 0n) >= 10n * PICO_PER_USD);
  return large ? 'total' : 'call';
}

/** Every digit, and as many for all: the points stand below each other, and the column can be added up by hand. */
function exactTexts(values: readonly (Value | undefined)[]): string[] {
  const amounts = values.map((value) => (value ?? undefined) as Money | undefined);
  const decimals = Math.max(FEWEST_DECIMALS, ...amounts.map((money) => decimalsOf(money?.pico)));
  return amounts.map((money) => exactMoney(money, decimals));
}

/** A picodollar is the twelfth. */
const MOST_DECIMALS = 12;
const FEWEST_DECIMALS = 4;

function decimalsOf(pico: bigint | undefined): number {
  let rest = pico ?? 0n;
  let decimals = MOST_DECIMALS;
  while (decimals > FEWEST_DECIMALS && rest % 10n === 0n) {
    rest /= 10n;
    decimals--;
  }
  return decimals;
}

function exactMoney(money: Money | undefined, decimals: number): string {
  if (money?.pico === undefined) return UNKNOWN;
  const { pico, lowerBound } = money;
  const amount = pico < 0n ? -pico : pico;
  const fraction = String(amount % PICO_PER_USD).padStart(MOST_DECIMALS, '0');
  const text = `$${formatWhole(String(amount / PICO_PER_USD))}.${fraction.slice(0, decimals)}`;
  return `${lowerBound === true ? '≥ ' : ''}${pico < 0n ? '-' : ''}${text}`;
}
