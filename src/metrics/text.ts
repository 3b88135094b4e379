import type { Family } from './family.ts';

/** The two formats: `prometheus` is its text format 0.0.4, `openmetrics` is OpenMetrics 1.0. */
export type TextFormat = 'prometheus' | 'openmetrics';

/** Bytes of text worth handing on. */
export const PIECE = 1 << 16;

/** The lines above a family. OpenMetrics names a counter without its `_total`. */
export function headOf({ metric }: Family, format: TextFormat): string {
  const { type, unit, help } = metric;
  if (format === 'prometheus')
    return `# HELP ${metric.name} ${help.replace(/[\\\n]/g, backslashed)}\n# TYPE ${metric.name} ${type}\n`;
  const name = type === 'counter' ? metric.name.replace(/_total$/, '') : metric.name;
  const units = unit === undefined ? '' : `# UNIT ${name} ${unit}\n`;
  return `# TYPE ${name} ${type}\n${units}# HELP ${name} ${help.replace(/[\\\n"]/g, backslashed)}\n`;
}

/** The labels of a series as they stand between braces; '' where it has none. */
export function labelText({ labelNames, series }: Family, at: number): string {
  const values = series[at]!;
  let text = '';
  for (let i = 0; i < values.length; i++) {
    if (values[i] === '') continue;
    text += `${text === '' ? '' : ','}${labelNames[i]}="${escaped(values[i]!)}"`;
  }
  return text;
}

export const braced = (labels: string): string => (labels === '' ? '' : `{${labels}}`);

/** What needs no escape: everything but quotes, backslashes, line feeds, and halves of surrogate pairs. */
const HARMLESS = /^[^"\\\n\0\ud800-\udfff]*$/;

const UNWRITABLE = /\0|\p{Surrogate}/gu;

/** A label value between quotes. Readers take U+0000 for the end of the text. */
export function escaped(value: string): string {
  if (HARMLESS.test(value)) return value;
  return value.replace(UNWRITABLE, '\ufffd').replace(/["\\\n]/g, backslashed);
}

const backslashed = (character: string): string => (character === '\n' ? '\\n' : `\\${character}`);

/** A bound of a bucket as Go prints it (`%g`), which OpenMetrics requires; a whole one ends in `.0` there. */
export function boundText(bound: number, format: TextFormat): string {
  if (bound === Number.POSITIVE_INFINITY) return '+Inf';
  const [digits, exponent] = bound.toExponential().split('e') as [string, string];
  const power = Number(exponent);
  if (bound !== 0 && (power < -4 || power >= 6))
    return `${digits}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
  const text = String(bound);
  return format === 'openmetrics' && !text.includes('.') ? `${text}.0` : text;
}

/** A value with as many digits as it needs to be read back as it is. */
export function valueText(value: number): string {
  if (Number.isFinite(value)) return String(value);
  return Number.isNaN(value) ? 'NaN' : value < 0 ? '-Inf' : '+Inf';
}
