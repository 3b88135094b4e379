import { scaled } from './decimal.ts';
import { RATE_KEYS, type RateKey, type RateRow, type Rates } from './rates.ts';

/**
 * What ships on top of the catalogue: our users' Claude table, names the catalogue does not list, and corrections.
 * A row adds `names` to the catalogue's `model`, and its `rows` come before the catalogue's, rate by rate.
 */
export type PresetRow = {
  readonly provider: string;
  /** The catalogue's id. */
  readonly model: string;
  /** What the row is called here. */
  readonly name: string;
  readonly names: readonly string[];
  readonly rows: readonly RateRow[];
  /** `rows` hold for `name` and `names` alone, not for the other names of the catalogue's row. */
  readonly only?: true;
};

type Dollars = { readonly [K in RateKey]?: number };

/**
 * The three prices below are the ones our users name in their own documents. They carry no cache rates; those are the
 * catalogue's, and every line of a bill says so.
 */
const CLAUDE: readonly PresetRow[] = [
  {
    provider: 'anthropic',
    model: 'claude-sonnet-4-0',
    name: 'claude-sonnet-4',
    names: ['claude-sonnet-4-20250514', 'claude-4-sonnet-20250514', 'claude-sonnet-4@20250514'],
    rows: [usd({ input: 3, output: 15 })],
  },
  {
    provider: 'anthropic',
    model: 'claude-3-5-haiku-latest',
    name: 'claude-haiku-3.5',
    names: ['claude-haiku-3-5', 'claude-3-5-haiku-20241022', 'claude-3-5-haiku@20241022'],
    rows: [usd({ input: 0.8, output: 4 })],
  },
  {
    provider: 'anthropic',
    model: 'claude-opus-4-0',
    name: 'claude-opus-4',
    names: ['claude-opus-4-20250514', 'claude-4-opus-20250514', 'claude-opus-4@20250514'],
    rows: [usd({ input: 15, output: 75 })],
  },
];

/** Names in use that the catalogue writes in another order or only with a date. No prices here. */
const NAMES: readonly PresetRow[] = [
  names('anthropic', 'claude-2', ['claude-2.0', 'claude-2.1']),
  names('anthropic', 'claude-3-5-sonnet', ['claude-sonnet-3.5']),
  names('anthropic', 'claude-3-haiku', ['claude-haiku-3']),
  names('anthropic', 'claude-3-sonnet', ['claude-sonnet-3']),
  names('anthropic', 'claude-3-opus-latest', ['claude-opus-3']),
  names('anthropic', 'claude-opus-4-1', ['claude-4.1-opus']),
  names('anthropic', 'claude-sonnet-4-5', ['claude-4.5-sonnet']),
  names('anthropic', 'claude-sonnet-4-6', ['claude-4.6-sonnet']),
  names('aws', 'regional.anthropic.claude-3-5-haiku-20241022-v1:0', ['anthropic.claude-3-5-haiku']),
  names('aws', 'regional.anthropic.claude-sonnet-4-20250514-v1:0', ['anthropic.claude-sonnet-4']),
  names('aws', 'regional.anthropic.claude-opus-4-20250514-v1:0', ['anthropic.claude-opus-4']),
  // Previews that Google billed like the model they became: https://ai.google.dev/gemini-api/docs/changelog
  names('google', 'gemini-2.5-pro', [
    'gemini-2.5-pro-preview',
    'gemini-2.5-pro-preview-03-25',
    'gemini-2.5-pro-preview-05-06',
    'gemini-2.5-pro-preview-06-05',
  ]),
  names('google', 'gemini-3.1-pro-preview', ['gemini-3.1-pro-preview-customtools']),
  names('google', 'gemini-live-2.5-flash', ['gemini-live-2.5-flash-preview']),
  // Here the catalogue's open-ended rule would give it the price of the model twice as dear.
  names('google', 'gemini-flash-1.5-8b', [
    'gemini-1.5-flash-8b',
    'gemini-1.5-flash-8b-001',
    'gemini-1.5-flash-8b-latest',
  ]),
  names('google', 'gemma-3', ['gemma-3-1b-it', 'gemma-3-4b-it', 'gemma-3-12b-it', 'gemma-3-27b-it']),
  names('google', 'gemma-3n', ['gemma-3n-e2b-it', 'gemma-3n-e4b-it']),
  names('mistral', 'mixtral-8x22b-instruct', ['open-mixtral-8x22b']),
  names('mistral', 'pixtral-12b', ['pixtral-12b-2409']),
  names('openai', 'computer-use', ['computer-use-preview', 'computer-use-preview-2025-03-11']),
];

const OFF_PEAK = { from: at('2025-02-26T16:30:00Z'), until: at('2025-09-05T16:00:00Z') };
const NIGHT = { ...OFF_PEAK, window: [16.5 * 3600, 0.5 * 3600] as const };

/** Where the catalogue is wrong or silent about a time or a kind of token. */
const CORRECTIONS: readonly PresetRow[] = [
  // The alias moved to Mistral Large 3: https://github.com/simonw/llm-prices/pull/63
  {
    provider: 'mistral',
    model: 'mistral-large',
    name: 'mistral-large-latest',
    names: [],
    rows: [{ from: at('2025-12-02'), ...usd({ input: 0.5, cache_read: 0.05, output: 1.5 }) }],
    only: true,
  },
  // Cached input fell with the rest of the price: https://github.com/langfuse/langfuse/pull/7223
  {
    provider: 'openai',
    model: 'o3',
    name: 'o3',
    names: [],
    rows: [{ until: at('2025-06-10'), ...usd({ cache_read: 2.5 }) }],
  },
  // Audio tokens cost sixteen times the text: LiteLLM's model_prices_and_context_window.json
  {
    provider: 'openai',
    model: 'gpt-4o-audio-preview',
    name: 'gpt-4o-audio-preview',
    names: [],
    rows: [usd({ input_audio: 40, output_audio: 80 })],
  },
  {
    provider: 'openai',
    model: 'gpt-4o-audio-preview',
    name: 'gpt-4o-audio-preview-2024-10-01',
    names: [],
    rows: [usd({ input_audio: 100, output_audio: 200 })],
    only: true,
  },
  // The audio rates of the other small models of that year, gpt-audio-mini and gpt-4o-mini-realtime-preview.
  {
    provider: 'openai',
    model: 'gpt-4o-mini-audio-preview',
    name: 'gpt-4o-mini-audio-preview',
    names: [],
    rows: [usd({ input_audio: 10, output_audio: 20 })],
  },
  // https://api-docs.deepseek.com/quick_start/pricing, as it stood at each of these dates. The night discount ended
  // in September 2025; from V4 on both names were aliases of deepseek-v4-flash until they were retired.
  ...(['deepseek-chat', 'deepseek-reasoner'] as const).map((model): PresetRow => {
    const v3 = model === 'deepseek-chat';
    return {
      provider: 'deepseek',
      model,
      name: model,
      names: [],
      rows: [
        usd(
          v3
            ? { input: 0.27, cache_read: 0.07, output: 1.1 }
            : { input: 0.55, cache_read: 0.14, output: 2.19 },
        ),
        { ...NIGHT, ...usd({ input: 0.135, cache_read: 0.035, output: 0.55 }) },
        { from: OFF_PEAK.until, ...usd({ input: 0.56, cache_read: 0.07, output: 1.68 }) },
        { from: at('2025-09-29'), ...usd({ input: 0.28, cache_read: 0.028, output: 0.42 }) },
        { from: at('2026-04-24'), ...usd({ input: 0.14, cache_read: 0.0028, output: 0.28 }) },
      ],
    };
  }),
];

export const PRESET_ROWS: readonly PresetRow[] = [...CLAUDE, ...NAMES, ...CORRECTIONS];

function names(provider: string, model: string, others: readonly string[]): PresetRow {
  return { provider, model, name: model, names: others, rows: [] };
}

/** Dollars per million tokens as picodollars a token. */
function usd(dollars: Dollars): { readonly rates: Rates } {
  const rates: { [K in RateKey]?: number } = {};
  for (const key of RATE_KEYS) {
    const price = dollars[key];
    if (price !== undefined) rates[key] = scaled(price, 6)!;
  }
  return { rates };
}

function at(date: string): number {
  return Date.parse(date) / 1000;
}
