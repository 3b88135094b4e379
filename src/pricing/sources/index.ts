import { UserError } from '../../model/index.ts';
import type { PriceConfig } from '../config.ts';
import { canonicalProvider } from '../overrides.ts';
import { providersOf, readGenai } from './genai.ts';
import { isLiteLlm, readLiteLlm } from './litellm.ts';
import { isModelsDev, readModelsDev } from './models-dev.ts';
import { Collector, isObject, type Json, own, type SourcePrices } from './source.ts';

/** Price lists that can be imported, by the name that `--as` takes. */
export const SOURCE_FORMATS = ['genai', 'litellm', 'models.dev', 'agentobs'] as const;
export type SourceFormat = (typeof SOURCE_FORMATS)[number];

/** Which price list a JSON value is; undefined if it is none that is known. */
export function sourceFormatOf(file: Json): SourceFormat | undefined {
  if (providersOf(file) !== undefined) return 'genai';
  if (!isObject(file)) return undefined;
  if (isLiteLlm(file)) return 'litellm';
  if (own(file, 'models') !== undefined || own(file, 'prices') !== undefined) return 'agentobs';
  return isModelsDev(file) ? 'models.dev' : undefined;
}

/** The models of a foreign price list. Throws a `UserError` if it is none of that format. */
export function readSource(
  file: Json,
  format: Exclude<SourceFormat, 'agentobs'>,
  name: string,
): SourcePrices {
  const providers = format === 'genai' ? providersOf(file) : undefined;
  if (providers !== undefined) return readGenai(providers);
  if (format === 'litellm' && isObject(file) && isLiteLlm(file)) return readLiteLlm(file);
  if (format === 'models.dev' && isObject(file) && isModelsDev(file)) return readModelsDev(file);
  const other = sourceFormatOf(file);
  throw new UserError(`${name}: is no price list of ${format}`, {
    hint:
      other === undefined
        ? `Formats: ${SOURCE_FORMATS.join(', ')}.`
        : `It looks like ${other}: --as ${other}.`,
  });
}

/** The models of a price file of our own. What is no price of one model belongs in `--prices` or agentobs.yaml. */
export function fromPriceFile(prices: PriceConfig, name: string): SourcePrices {
  const found = new Collector();
  const others = [...prices.aliases, ...prices.tools].map(({ key }) => key);
  if (others.length > 0 || prices.discounts.length > 0)
    throw new UserError(`${name}: only the prices of models can be imported`, {
      hint: 'Aliases, tools and discounts are yours: keep them in agentobs.yaml or in a file for --prices.',
    });
  for (const { key, rows, at } of prices.models) {
    const slash = key.indexOf('/');
    if (slash < 1 || key.includes('*'))
      throw new UserError(`${at}: "${key}" is not one model of one provider`, {
        hint: 'Import names in full, like anthropic/claude-sonnet-4; globs belong in agentobs.yaml.',
      });
    found.add({
      provider: canonicalProvider(key.slice(0, slash)),
      model: key.slice(slash + 1).toLowerCase(),
      rows,
    });
  }
  return found.done();
}
