import { existsSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { didYouMean } from '../model/index.ts';
import {
  type ConfigContext,
  type ConfigPath,
  type PriceConfig,
  type PriceFile,
  parsePrices,
} from '../pricing/index.ts';
import { type GateSettings, parseGates } from './gate-settings.ts';
import type { MetricSettings } from './metric-settings.ts';
import { parseTargets, type TargetSettings } from './target-settings.ts';
import { readYamlFile } from './yaml-file.ts';

/** What agentobs.yaml says, section by section; `path` is undefined when there is none. */
export type Config = {
  readonly path: string | undefined;
  readonly prices?: PriceConfig | undefined;
  readonly targets?: TargetSettings | undefined;
  readonly gates?: GateSettings | undefined;
  readonly metrics?: MetricSettings | undefined;
};

/** Where to look: the working folder, and the environment for the user's own configuration. */
export type ConfigPlaces = {
  readonly cwd: string;
  readonly env: { readonly [name: string]: string | undefined };
  readonly home: string;
};

const FILE = 'agentobs.yaml';
const NONE: Config = { path: undefined };

/** What may stand in agentobs.yaml, and who reads it. */
const sectionReaders = async () =>
  ({
    prices: parsePrices,
    targets: parseTargets,
    gates: parseGates,
    metrics: (await import('./metric-settings.ts')).parseMetrics,
  }) as const satisfies Partial<Record<keyof Config, ReadSection>>;
type ReadSection = (section: unknown, at: ConfigPath, context: ConfigContext) => unknown;
type Sections = Omit<Config, 'path'>;

/**
 * The configuration that holds here: `file` if it is given, nothing if it is `false`, else the nearest agentobs.yaml
 * upward to the repository root, else the user's own. Throws a `UserError` that lists every fault with its line.
 */
export async function loadConfig(file: string | false | undefined, places: ConfigPlaces): Promise<Config> {
  if (file === false) return NONE;
  const path = file === undefined ? findConfig(places) : resolve(places.cwd, file);
  if (path === undefined) return NONE;
  const readers = await sectionReaders();
  const sections = await readYamlFile(path, shown(path, places.cwd), (top, context): Sections => {
    if (top !== null && !(top instanceof Map)) context.fault([], 'expected a mapping, like prices: { … }');
    const said = top instanceof Map ? (top as ReadonlyMap<unknown, unknown>) : new Map<unknown, unknown>();
    const found: Record<string, unknown> = {};
    for (const [name, section] of said) {
      const key = String(name);
      if (!Object.hasOwn(readers, key))
        context.fault([key], `unknown key "${key}"${didYouMean(key, Object.keys(readers))}`);
      else if (section !== undefined)
        found[key] = readers[key as keyof typeof readers](section, [key], context);
    }
    return found;
  });
  return { path, ...sections };
}

/** A file given with `--prices`: what stands under `prices:` in agentobs.yaml, with or without that word above it. */
export async function loadPriceFile(file: string, cwd: string): Promise<PriceFile> {
  const path = resolve(cwd, file);
  const prices = await readYamlFile(path, shown(path, cwd), (top, context) => {
    const wrapped = top instanceof Map && top.size === 1 && top.has('prices');
    const at: ConfigPath = wrapped ? ['prices'] : [];
    const section = wrapped ? (top as ReadonlyMap<string, unknown>).get('prices') : top;
    const parsed = parsePrices(section, at, context);
    if (parsed.costMode !== undefined)
      context.fault([...at, 'cost_mode'], `belongs in ${FILE}, or on the command line as --cost-mode`);
    return parsed;
  });
  return { path, prices };
}

/** A file of metrics: what stands under `metrics:` in agentobs.yaml, with or without that word above it. */
export async function loadMetricFile(file: string, cwd: string): Promise<MetricSettings> {
  const { parseMetrics } = await import('./metric-settings.ts');
  const path = resolve(cwd, file);
  return readYamlFile(path, shown(path, cwd), (top, context) => {
    const wrapped = top instanceof Map && top.size === 1 && top.has('metrics');
    if (!wrapped) return parseMetrics(top, [], context);
    return parseMetrics((top as ReadonlyMap<string, unknown>).get('metrics'), ['metrics'], context);
  });
}

/** The nearest file from `cwd` up to the folder that holds `.git`, else the one in the user's configuration folder. */
function findConfig({ cwd, env, home }: ConfigPlaces): string | undefined {
  for (let folder = resolve(cwd); ; folder = dirname(folder)) {
    const path = join(folder, FILE);
    if (existsSync(path)) return path;
    if (existsSync(join(folder, '.git')) || dirname(folder) === folder) break;
  }
  // The XDG base directory specification has relative paths ignored.
  const base = env['XDG_CONFIG_HOME']?.startsWith('/') ? env['XDG_CONFIG_HOME'] : join(home, '.config');
  const own = join(base, 'agentobs', FILE);
  return existsSync(own) ? own : undefined;
}

/** A path as the user would write it from where they stand. */
function shown(path: string, cwd: string): string {
  const short = relative(cwd, path);
  return short === '' || short.startsWith('..') ? path : short;
}
