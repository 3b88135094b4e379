import { isModelKind, type SpanTable, stepOf } from '../model/index.ts';

/** By what a step is found again on the other side, as texts that are equal where the steps are. */
export type PathNames = {
  /** Kind, name without ids, and for calls of models which model was asked for. */
  readonly exact: string;
  /** The same without the model and without any number. */
  readonly loose: string;
  /** As the step is called. */
  readonly step: string;
};

/** The names of a profile's steps; worked out once a profile. */
export function pathNames(table: SpanTable): (profile: number) => PathNames {
  const known = new Map<number, PathNames>();
  return (profile) => {
    let names = known.get(profile);
    if (names === undefined) {
      names = namesOf(table, profile);
      known.set(profile, names);
    }
    return names;
  };
}

function namesOf(table: SpanTable, profile: number): PathNames {
  const { profiles, strings } = table;
  const step = stepOf(table, profile);
  const kind = profiles.kindOf(profile);
  const said = strings.text(profiles.nameIdOf(profile)) ?? '';
  if (!isModelKind(kind)) {
    const tool = kind === 'tool' ? strings.text(profiles.textIdOf('tool', profile)) : undefined;
    const name = withoutIds(tool ?? said);
    return { exact: `${kind}\0${name}`, loose: `${kind}\0${withoutNumbers(name)}`, step };
  }
  const asked = strings.text(profiles.textIdOf('requestModel', profile));
  const answered = strings.text(profiles.textIdOf('model', profile));
  const name = withoutIds(withoutModels(said, [asked, answered]));
  return {
    exact: `${kind}\0${name}\0${asked ?? answered ?? ''}`,
    loose: `${kind}\0${withoutNumbers(name)}`,
    step,
  };
}

/** `chat gpt-4o` is the step `chat`, whichever model does it. */
function withoutModels(name: string, models: readonly (string | undefined)[]): string {
  let rest = name;
  // The longer name first: the shorter one is mostly its beginning.
  const named = models.filter((model) => model !== undefined && model !== '') as string[];
  for (const model of named.sort((a, b) => b.length - a.length)) rest = rest.replaceAll(model, '');
  return rest.trim();
}

/** Ids differ from run to run: hexadecimal digits and dashes, eight or more of them, of which four are digits. */
const withoutIds = (name: string): string =>
  name.replace(/[0-9a-fA-F-]{8,}/g, (text) => (text.replace(/\D/g, '').length >= 4 ? '#' : text));

const withoutNumbers = (name: string): string => name.replace(/\d+/g, '#');
