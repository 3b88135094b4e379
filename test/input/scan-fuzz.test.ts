import { expect, it } from 'vitest';
import { fuzz } from '../../fuzz/fuzz.ts';
import { SCANNERS } from '../../fuzz/scanners.ts';

it('scanners read random input as JSON.parse does, whatever is done to it and however it is cut', async () => {
  const result = await fuzz({ seed: 4, scanners: SCANNERS, goOn: (compared) => compared < 3000 });
  expect(result.failure?.error.message).toBeUndefined();
  expect(result.compared).toBeGreaterThanOrEqual(3000);
  // Enough of them are rows that mean something.
  expect(result.withPattern).toBeGreaterThan(result.compared / 3);
}, 60_000);
