import type { SpanTable } from '../model/index.ts';
import type { Families, Family } from './family.ts';
import { boundText, braced, escaped, headOf, labelText, PIECE, type TextFormat, valueText } from './text.ts';
import { boundsOf, bucketOf, sumOf } from './totals.ts';

export type ExpositionOptions = { readonly format: TextFormat };

/**
 * The state of all series after the last event, family by family, in pieces. OpenMetrics has exemplars: the span that came
 * last of those behind a counter or a bucket.
 */
export function* exposition(families: Families, { format }: ExpositionOptions): Iterable<string> {
  let piece = '';
  for (const family of families.families) {
    piece += headOf(family, format);
    const exemplar = format === 'openmetrics' ? exemplars(family, families) : () => '';
    const samples = SAMPLES[family.metric.type](family, format, exemplar);
    for (let s = 0; s < family.series.length; s++) {
      piece += samples(s);
      if (piece.length < PIECE) continue;
      yield piece;
      piece = '';
    }
  }
  yield format === 'openmetrics' ? `${piece}# EOF\n` : piece;
}

type Exemplar = (event: number) => string;
type Samples = (family: Family, format: TextFormat, exemplar: Exemplar) => (series: number) => string;

const SAMPLES: Readonly<Record<Family['metric']['type'], Samples>> = {
  counter: (family, _format, exemplar) => {
    const { name } = family.metric;
    const { from } = family;
    return (s) => {
      const [first, end] = [from[s]!, from[s + 1]!];
      const value = valueText(sumOf(family, first, end));
      return `${name}${braced(labelText(family, s))} ${value}${exemplar(end - 1)}\n`;
    };
  },
  gauge: (family) => {
    const { metric, from, values, divisor } = family;
    return (s) => {
      const value = (values?.[from[s + 1]! - 1] ?? 1) / divisor;
      return `${metric.name}${braced(labelText(family, s))} ${valueText(value)}\n`;
    };
  },
  histogram: (family, format, exemplar) => {
    const { metric, from, values } = family;
    const bounds = boundsOf(family);
    const les = [...(metric.buckets ?? []), Number.POSITIVE_INFINITY].map((le) => boundText(le, format));
    const counts = new Float64Array(les.length);
    const last = new Int32Array(les.length);
    return (s) => {
      counts.fill(0);
      last.fill(-1);
      const [first, end] = [from[s]!, from[s + 1]!];
      for (let i = first; i < end; i++) {
        const bucket = bucketOf(bounds, values?.[i] ?? 1);
        counts[bucket]!++;
        last[bucket] = i;
      }
      const labels = labelText(family, s);
      const before = labels === '' ? '' : `${labels},`;
      let text = '';
      let count = 0;
      for (let b = 0; b < les.length; b++) {
        count += counts[b]!;
        const told = last[b]! < 0 ? '' : exemplar(last[b]!);
        text += `${metric.name}_bucket{${before}le="${les[b]}"} ${count}${told}\n`;
      }
      const own = braced(labels);
      const sum = valueText(sumOf(family, first, end));
      return `${text}${metric.name}_sum${own} ${sum}\n${metric.name}_count${own} ${count}\n`;
    };
  },
};

/** Characters that the labels of an exemplar may have, names included. */
const MOST_CHARACTERS = 128;

/** What stands behind a sample: trace and span, what the event added, and its second. */
function exemplars({ spans, times, values, divisor }: Family, { data }: Families): Exemplar {
  const { table, row } = data.forest;
  return (event) => {
    const labels = idLabels(table, row[spans[event]!]!);
    if (labels === '') return '';
    const value = valueText((values?.[event] ?? 1) / divisor);
    return ` # {${labels}} ${value} ${secondsText(times[event]!)}`;
  };
}

/** Milliseconds as seconds: as a number prints itself, without the search for the digits that a fraction needs. */
function secondsText(milliseconds: number): string {
  const second = Math.floor(milliseconds / 1000);
  const rest = milliseconds - second * 1000;
  if (second < 0 || !Number.isInteger(rest)) return String(milliseconds / 1000);
  if (rest === 0) return String(second);
  const digits = String(1000 + rest).slice(1);
  return `${second}.${digits.replace(/0+$/, '')}`;
}

/** Ids that are no hex can be of any length: the span's goes first. */
function idLabels(table: SpanTable, row: number): string {
  const [trace, span] = [table.traceIdOf(row), table.spanIdOf(row)];
  const ofTrace = 'trace_id'.length + charactersOf(trace);
  if (ofTrace > MOST_CHARACTERS) return '';
  const both = ofTrace + 'span_id'.length + charactersOf(span) <= MOST_CHARACTERS;
  return `trace_id="${escaped(trace)}"${both ? `,span_id="${escaped(span)}"` : ''}`;
}

/** Only what is long is worth counting by characters. */
const charactersOf = (text: string): number =>
  text.length <= MOST_CHARACTERS / 4 ? text.length : [...text].length;
