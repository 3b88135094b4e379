import type { PriceSources } from '../pricing/index.ts';
import { type Config, loadConfig, loadPriceFile } from './config.ts';
import { loadImported } from './price-data.ts';
import type { Session } from './session.ts';
import type { Settings } from './settings.ts';

/**
 * The prices that hold in this run before the shipped ones: agentobs.yaml, price files, what was imported. `--no-config`
 * leaves out everything that depends on the machine, imports too.
 */
export async function loadPriceSources(
  { config: named, prices }: Pick<Settings, 'config' | 'prices'>,
  session: Session,
): Promise<{ readonly config: Config; readonly sources: PriceSources }> {
  const config = await loadConfig(named, session);
  const files = prices === undefined ? [] : [await loadPriceFile(prices, session.cwd)];
  const imported = named === false ? undefined : loadImported(session);
  return { config, sources: { config: config.prices, files, imported } };
}
