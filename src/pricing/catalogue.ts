import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { covers, literals, type MatchRule } from './match-rule.ts';
import { PRESET_ROWS, type PresetRow } from './preset.ts';
import type { RateRow } from './rates.ts';

/** One model one provider sells. */
export type ModelRow = {
  readonly provider: string;
  readonly model: string;
  /** Every name it is listed under, in lower case, its own first. */
  readonly names: readonly string[];
  /** Set where the row covers names it does not list; see `lookup.ts` for when that counts. */
  readonly rule: MatchRule | undefined;
  readonly rows: readonly RateRow[];
  /** What the shipped preset says about the same model; it comes before the catalogue. */
  readonly preset: PresetRow | undefined;
  /** Another company's model: a bare name is never taken from here. */
  readonly resold: boolean;
};

/** All models of one provider by their lower-case names. */
type ProviderIndex = {
  readonly names: ReadonlyMap<string, ModelRow>;
  /** The same names with `.` between digits written `-`; undefined where two models would share one. */
  readonly dashed: ReadonlyMap<string, ModelRow | undefined>;
  /** The names to suggest: those that are listed in full. */
  readonly listed: readonly string[];
};

/** The compiled price data with the preset laid over it. A provider's models are read when it is first asked for. */
export type Catalogue = {
  readonly source: string;
  readonly version: string;
  readonly as_of: string;
  readonly sha256: string;
  readonly provider: (id: string) => ProviderIndex | undefined;
  /** The providers whose prices stand in for those that a provider does not list. */
  readonly fallback: (id: string) => readonly string[];
  /** False where no name of a provider begins with the letters of this one, so that nothing of it has to be read. */
  readonly mayList: (id: string, name: string) => boolean;
  /** Every provider there is, in the order of the data. */
  readonly ids: readonly string[];
};

type CompiledProvider = {
  readonly id: string;
  readonly fallback?: readonly string[];
  readonly owns?: MatchRule;
};
type CompiledModel = {
  readonly id: string;
  readonly names?: readonly string[];
  readonly rule?: MatchRule;
  readonly rows: readonly RateRow[];
};
/** The first line of the index. On each of the others stand the models of a provider, in the order of `providers`. */
type Compiled = Omit<Catalogue, 'provider' | 'fallback' | 'mayList' | 'ids'> & {
  readonly providers: readonly CompiledProvider[];
};

let loaded: Catalogue | undefined;

/** The catalogue, read at the first call. The index stands where the build puts it, beside `src/` and what is shipped. */
export function catalogue(): Catalogue {
  loaded ??= load(fileURLToPath(new URL('../../dist/pricing/catalogue.jsonl', import.meta.url)));
  return loaded;
}

/** `3.5` and `3-5` are the same version to every vendor. */
export const dashed = (name: string): string => name.replace(/(?<=\d)\.(?=\d)/g, '-');

function load(path: string): Catalogue {
  const [head = '', ...lines] = readFileSync(path, 'utf8').split('\n');
  const { providers, ...data } = JSON.parse(head) as Compiled;
  const byId = new Map(providers.map((provider, i) => [provider.id, { ...provider, models: lines[i]! }]));
  const indexes = new Map<string, ProviderIndex>();
  const texts = new Map<string, string>();
  return {
    ...data,
    ids: [...byId.keys()],
    fallback: (id) => byId.get(id)?.fallback ?? [],
    mayList: (id, name) => {
      let text = texts.get(id);
      if (text === undefined) {
        const presets = PRESET_ROWS.filter(({ provider }) => provider === id);
        const named = presets.flatMap((preset) => [preset.name, ...preset.names]);
        text = `${byId.get(id)?.models ?? ''}${JSON.stringify(named)}`.toLowerCase();
        texts.set(id, text);
      }
      return text.includes(`"${/^[a-z]*/.exec(name)![0]}`);
    },
    provider: (id) => {
      let index = indexes.get(id);
      const provider = byId.get(id);
      if (index === undefined && provider !== undefined) {
        // The providers whose prices stand in here are the ones whose models are sold here.
        const owners = (provider.fallback ?? []).flatMap((other) => byId.get(other)?.owns ?? []);
        index = indexOf(provider, JSON.parse(provider.models) as CompiledModel[], owners);
        indexes.set(id, index);
      }
      return index;
    },
  };
}

function indexOf(
  provider: CompiledProvider,
  models: readonly CompiledModel[],
  owners: readonly MatchRule[],
): ProviderIndex {
  const presets = PRESET_ROWS.filter((preset) => preset.provider === provider.id);
  const names = new Map<string, ModelRow>();
  const implied = new Map<string, ModelRow>();
  for (const model of models) {
    const own = presets.filter((preset) => preset.model === model.id && preset.only === undefined);
    const known = [model.id, ...(model.names ?? []), ...own.flatMap(({ name, names }) => [name, ...names])];
    const row: ModelRow = {
      provider: provider.id,
      model: model.id,
      names: [...new Set(known.map((name) => name.toLowerCase()))],
      rule: model.rule,
      rows: model.rows,
      preset: own[0],
      resold: owners.some((owner) => covers(owner, model.id.toLowerCase())),
    };
    for (const name of [model.id, ...(model.names ?? [])]) addName(names, name, row);
    for (const name of model.rule === undefined ? [] : literals(model.rule)) addName(implied, name, row);
  }
  const listed = [...names.keys()];
  for (const [name, row] of implied) addName(names, name, row);
  for (const preset of presets) {
    const row = names.get(preset.model.toLowerCase());
    if (row === undefined) continue;
    const own = [preset.name, ...preset.names].map((name) => name.toLowerCase());
    const target = preset.only === undefined ? row : { ...row, preset, names: own };
    for (const name of own) names.set(name, target);
  }
  let dashes: ProviderIndex['dashed'] | undefined;
  return {
    names,
    get dashed() {
      dashes ??= dashedNames(names);
      return dashes;
    },
    listed,
  };
}

/** The first row to claim a name keeps it, as in the data itself. */
function addName(names: Map<string, ModelRow>, name: string, row: ModelRow): void {
  const key = name.toLowerCase();
  if (!names.has(key)) names.set(key, row);
}

function dashedNames(names: ReadonlyMap<string, ModelRow>): ReadonlyMap<string, ModelRow | undefined> {
  const result = new Map<string, ModelRow | undefined>();
  for (const [name, row] of names) {
    const key = dashed(name);
    result.set(key, result.has(key) && result.get(key) !== row ? undefined : row);
  }
  return result;
}
