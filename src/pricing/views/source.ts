import type { PriceSource, Value } from '../../model/index.ts';

/** Where prices come from, in the words of the JSON contract. */
export function sourceView({ source, version, as_of, sha256, overrides, imports = [] }: PriceSource): Value {
  return {
    source,
    version,
    as_of,
    sha256: sha256 ?? null,
    overrides,
    imports: imports.map((one) => ({ ...one })),
  };
}

/** One line of where the shipped and the imported prices come from. */
export function sourceLines({ source, version, as_of, sha256, imports = [] }: PriceSource): string[] {
  return [
    ...[...imports]
      .reverse()
      .map(
        (one) =>
          `import: ${one.origin} (${one.format}), prices from ${one.as_of}, sha256 ${short(one.sha256)}`,
      ),
    `preset and catalogue: ${source} ${version}, as of ${as_of}${sha256 === undefined ? '' : `, sha256 ${short(sha256)}`}`,
  ];
}

const short = (digest: string): string => `${digest.slice(0, 12)}…`;
