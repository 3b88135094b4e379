import type { Column, PriceMatch, PriceSource, Report } from '../../model/index.ts';
import { catalogue } from '../catalogue.ts';
import { decimal } from '../decimal.ts';
import { globMatches, globsOverlap } from '../globs.ts';
import type { Imported } from '../imported.ts';
import type { Layers } from '../layers.ts';
import { canonicalProvider } from '../overrides.ts';
import { PRESET_ROWS } from '../preset.ts';
import { type RateRow, rowAt } from '../rates.ts';
import { dateOf } from '../written-rates.ts';
import { type RowView, rowRemarks, rowView } from './rows.ts';
import { sourceView } from './source.ts';

export type ListOptions = {
  /** Globs of `provider/model` or of a model, or the name of a provider; none: everything. */
  readonly patterns: readonly string[];
  /** Only the rows that hold at this second; undefined: all. */
  readonly at: number | undefined;
  readonly source: PriceSource;
};

type ListRow = RowView & {
  readonly model: string;
  readonly layer: PriceMatch['layer'];
  readonly remarks: string | null;
};

/** Every row of every layer by model, the layer that is asked first before the others. */
export function priceList(
  layers: Layers,
  imported: Imported | undefined,
  { patterns, at, source }: ListOptions,
): Report {
  const tests = patterns.map(testOf);
  const chosen = entries(layers, imported).filter(
    ({ model }) => tests.length === 0 || tests.some((test) => test(model)),
  );
  // A stable sort: layers, and dates inside them, stay in their order.
  const rows = chosen
    .sort((a, b) => (a.model < b.model ? -1 : a.model > b.model ? 1 : 0))
    .flatMap(({ model, layer, rows: own }): ListRow[] => {
      const held = at === undefined ? own : own.filter((_row, i) => i === rowAt(own, at, true));
      return held.map((row) => {
        // A row of the catalogue without a rate is a free model, unless it is sold by something else than tokens.
        const gift = layer === 'catalogue' && Object.keys(row.rates).length === 0 && row.soldBy === undefined;
        const view = rowView(gift ? { ...row, free: true } : row);
        return { model, layer, ...view, remarks: rowRemarks(view) };
      });
    });
  const tools = toolRows(layers);
  const below = tools.map(
    ({ tool, usd_per_call: fee, layer, from }) =>
      `tool ${tool}: $${fee} a call${from === null ? '' : ` from ${from}`} (${layer})`,
  );
  return {
    command: 'prices list',
    body: { at: at === undefined ? null : dateOf(at), rows, tools, prices: sourceView(source) },
    table: { rows: 'rows', columns: COLUMNS },
    around: { above: [], below: below.length === 0 ? [] : ['', ...below] },
    notes: rows.length === 0 ? [`nothing is listed as ${patterns.join(' or ')}`] : [],
  };
}

type Entry = {
  readonly model: string;
  readonly layer: PriceMatch['layer'];
  readonly rows: readonly RateRow[];
};

function entries(layers: Layers, imported: Imported | undefined): Entry[] {
  const data = catalogue();
  const configured = layers.configured.flatMap(({ layer, prices }) =>
    prices.models.map(({ key, rows }): Entry => ({ model: key, layer, rows })),
  );
  const added = (imported?.models ?? []).map(
    ({ key, rows }): Entry => ({ model: key, layer: 'import', rows }),
  );
  const preset = PRESET_ROWS.filter(({ rows }) => rows.length > 0).map(
    ({ provider, name, rows }): Entry => ({ model: `${provider}/${name}`, layer: 'preset', rows }),
  );
  const shipped = data.ids.flatMap((id) => {
    const models = new Map(
      [...(data.provider(id)?.names.values() ?? [])].map((row) => [row.model, row.rows]),
    );
    return [...models].map(([model, rows]): Entry => ({ model: `${id}/${model}`, layer: 'catalogue', rows }));
  });
  return [...configured, ...added, ...preset, ...shipped];
}

/** Names of rows may be globs themselves: they are meant where some name fits both. */
function testOf(written: string): (model: string) => boolean {
  const text = written.normalize('NFC').trim().toLowerCase();
  const slash = text.indexOf('/');
  if (slash > 0) {
    const pattern = `${canonicalProvider(text.slice(0, slash))}${text.slice(slash)}`;
    return (model) => fits(pattern, canonical(model));
  }
  const provider = canonicalProvider(text);
  return (model) => {
    const name = canonical(model);
    const end = name.indexOf('/');
    return name.slice(0, Math.max(0, end)) === provider || fits(text, name.slice(end + 1));
  };
}

function canonical(model: string): string {
  const name = model.toLowerCase();
  const end = name.indexOf('/');
  return end < 0 || name.startsWith('arn:')
    ? name
    : `${canonicalProvider(name.slice(0, end))}${name.slice(end)}`;
}

const fits = (pattern: string, name: string): boolean =>
  name.includes('*') ? globsOverlap(pattern, name) : globMatches(pattern, name);

const PICO_DIGITS = 12;

function toolRows({ configured }: Layers) {
  return configured.flatMap(({ layer, prices }) =>
    prices.tools.flatMap(({ key, fees }) =>
      fees.map(({ perCall, from, until }) => ({
        tool: key,
        layer,
        usd_per_call: decimal(perCall, PICO_DIGITS),
        from: from === undefined ? null : dateOf(from),
        until: until === undefined ? null : dateOf(until),
      })),
    ),
  );
}

const rate = (name: string, label: string, droppable?: number): Column => ({
  path: ['usd_per_mtok', name],
  name: `${name}_usd_per_mtok`,
  label,
  show: 'rate',
  ...(droppable === undefined ? {} : { droppable }),
});
const text = (name: string, label: string, droppable?: number): Column => ({
  path: [name],
  name,
  label,
  show: 'text',
  ...(droppable === undefined ? {} : { droppable }),
});

const COLUMNS: readonly Column[] = [
  text('model', 'model'),
  rate('input', 'in $/M'),
  rate('output', 'out $/M'),
  rate('cache_read', 'cache read', 1),
  rate('cache_write', 'write 5m', 3),
  rate('cache_write_1h', 'write 1h', 4),
  rate('input_audio', 'audio in', 7),
  rate('output_audio', 'audio out', 8),
  { ...rate('output_reasoning', 'reasoning', 9), only: 'csv' },
  { ...rate('cache_read_audio', 'cached audio', 9), only: 'csv' },
  {
    path: ['usd_per_thousand', 'web_search'],
    name: 'web_search_usd_per_thousand',
    label: 'search $/k',
    show: 'rate',
    droppable: 6,
  },
  {
    path: ['usd_per_thousand', 'request'],
    name: 'request_usd_per_thousand',
    label: 'request $/k',
    show: 'rate',
    droppable: 9,
  },
  text('from', 'from', 2),
  text('until', 'until', 5),
  text('remarks', 'also', 5),
  text('layer', 'layer'),
];
