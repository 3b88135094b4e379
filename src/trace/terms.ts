import { FLAG, type SpanTable, type Tariff } from '../model/index.ts';

/** What prices are looked up by. */
export type Names = Readonly<
  Record<'provider' | 'model' | 'requestModel' | 'serviceTier', string | undefined>
>;

/** What a profile says of its calls that their price depends on. */
type Terms = Names & {
  readonly embedding: boolean;
  /** It is known when the call began. */
  readonly timed: boolean;
  readonly cacheTtlTold: boolean;
  readonly halfTold: boolean;
  /** The tariff that was asked for last. */
  tariff: Tariff | undefined;
};

/** So many profiles are remembered, by the last bits of their number. */
const REMEMBERED = 1024;

/** The terms of every profile; calls are many, and profiles few in most inputs. */
export class ProfileTerms {
  readonly #table: SpanTable;
  readonly #profiles = new Int32Array(REMEMBERED).fill(-1);
  readonly #terms: Terms[] = [];

  constructor(table: SpanTable) {
    this.#table = table;
  }

  of(row: number): Terms {
    const profile = this.#table.profileOf(row);
    const place = profile & (REMEMBERED - 1);
    if (this.#profiles[place] === profile) return this.#terms[place]!;
    const terms = termsOf(this.#table, profile);
    while (this.#terms.length <= place) this.#terms.push(terms);
    this.#terms[place] = terms;
    this.#profiles[place] = profile;
    return terms;
  }
}

function termsOf({ profiles, strings }: SpanTable, profile: number): Terms {
  const flags = profiles.flagsOf(profile);
  return {
    provider: strings.text(profiles.textIdOf('provider', profile)),
    model: strings.text(profiles.textIdOf('model', profile)),
    requestModel: strings.text(profiles.textIdOf('requestModel', profile)),
    serviceTier: strings.text(profiles.textIdOf('serviceTier', profile)),
    embedding: profiles.kindOf(profile) === 'embedding',
    timed: (flags & FLAG.hasStart) !== 0,
    cacheTtlTold: (flags & FLAG.cacheTtlTold) !== 0,
    halfTold: (flags & FLAG.halfTold) !== 0,
    tariff: undefined,
  };
}
