import { type Instant, type PriceBook, pico, type ToolPrice } from '../model/index.ts';
import type { ConfigTool } from './config.ts';
import { globMatches } from './globs.ts';
import { bySpecificity, refuseEqualGlobs, refuseTwins } from './keys.ts';
import { rowAt, secondOfSale } from './rates.ts';

/** The fees of one source, agentobs.yaml or a price file. */
type ToolLayer = { readonly layer: 'config' | 'file'; readonly tools: readonly ConfigTool[] };

/** Distinct names stay few in honest traces; in others the memory must not grow without end. */
const MOST_NAMES = 5_000;

/**
 * Fees of tools and connectors, the first source that has one deciding; inside a source a full name beats a glob and a
 * longer glob a shorter one. Throws a `UserError` when two keys claim a name with equal right.
 */
export function createToolPrices(layers: readonly ToolLayer[]): NonNullable<PriceBook['toolPrice']> {
  const tables = layers
    .filter(({ tools }) => tools.length > 0)
    .map(({ layer, tools }) => ({ layer, keys: keysOf(tools) }));
  if (tables.length === 0) return () => undefined;
  const known = new Map<string, readonly Found[]>();
  return (name, _kind, at) => {
    let found = known.get(name);
    if (found === undefined) {
      if (known.size === MOST_NAMES) known.clear();
      const wanted = normal(name);
      found = tables.flatMap(({ layer, keys }) => {
        const key = keys.find((one) =>
          one.glob ? globMatches(one.pattern, wanted) : one.pattern === wanted,
        );
        return key === undefined ? [] : [{ layer, key }];
      });
      known.set(name, found);
    }
    for (const { layer, key } of found) {
      const fee = feeAt(key.tool, at);
      if (fee !== undefined) return { perCall: pico(fee), row: key.tool.key, layer };
    }
    return undefined;
  };
}

type ToolKey = {
  readonly written: string;
  readonly at: string;
  readonly pattern: string;
  readonly glob: boolean;
  readonly tool: ConfigTool;
};
type Found = { readonly layer: ToolPrice['layer']; readonly key: ToolKey };

/** The most specific first. */
function keysOf(tools: readonly ConfigTool[]): readonly ToolKey[] {
  const keys = tools.map((tool): ToolKey => {
    const pattern = normal(tool.key);
    return { written: tool.key, at: tool.at, pattern, glob: pattern.includes('*'), tool };
  });
  refuseTwins(keys, 'tool');
  const globs = bySpecificity(keys.filter(({ glob }) => glob));
  refuseEqualGlobs(globs, 'tool');
  return [...keys.filter(({ glob }) => !glob), ...globs];
}

const normal = (name: string): string => name.normalize('NFC').trim().toLowerCase();

/** A use without a time is charged the newest fee, as models are. */
function feeAt({ fees }: ConfigTool, at: Instant | undefined): number | undefined {
  const second = secondOfSale(at) ?? fees.at(-1)?.from ?? 0;
  return fees[rowAt(fees, second, true)]?.perCall;
}
