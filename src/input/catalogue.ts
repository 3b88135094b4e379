import { FORMATS } from './formats/index.ts';
import { OTLP_PROTO } from './formats/otlp-proto-head.ts';
import { TEXT_FORMATS } from './text-formats/index.ts';

/** A format as people choose it: its name, what writes it, what it is made of, and where its shape was learned. */
type CatalogueEntry = {
  readonly name: string;
  readonly title: string;
  readonly kind: 'json' | 'text' | 'binary';
  readonly source: string;
};

/** Everything that is read, in the order of detection. */
export const CATALOGUE: readonly CatalogueEntry[] = [
  ...FORMATS.map((format) => entry(format, format.kind ?? 'json')),
  ...TEXT_FORMATS.map((format) => entry(format, 'text')),
  entry(OTLP_PROTO, 'binary'),
];

function entry(format: Omit<CatalogueEntry, 'kind'>, kind: CatalogueEntry['kind']): CatalogueEntry {
  const { name, title, source } = format;
  return { name, title, kind, source };
}

/** Names of all input formats, as `--input-format` takes them. */
export const INPUT_FORMATS: readonly string[] = CATALOGUE.map(({ name }) => name);
