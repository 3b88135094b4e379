/** Providers, models and list prices in 2025, in picodollars a token: uncached input, cached input, output. */
export const MODELS = [
  { provider: 'openai', model: 'gpt-4o-2024-08-06', rates: [2_500_000n, 1_250_000n, 10_000_000n] },
  { provider: 'openai', model: 'gpt-4o-mini-2024-07-18', rates: [150_000n, 75_000n, 600_000n] },
  { provider: 'anthropic', model: 'claude-sonnet-4-20250514', rates: [3_000_000n, 300_000n, 15_000_000n] },
];

export function costOf({ rates: [fresh, reused, written] }, { input, cached, output }) {
  return BigInt(input - cached) * fresh + BigInt(cached) * reused + BigInt(output) * written;
}

/** Picodollars as a decimal number of dollars, exact. */
export function dollars(pico) {
  const digits = String(pico).padStart(13, '0');
  return `${digits.slice(0, -12)}.${digits.slice(-12)}`.replace(/\.?0+$/, '');
}
