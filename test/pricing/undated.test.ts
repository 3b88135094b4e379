import { expect, it } from 'vitest';
import { instant } from '../../src/model/index.ts';
import { call, dollars, matchOf, price, time } from './calls.ts';

it('a clock that counts from 1970 dates no price: it is that of a call whose time is not told', () => {
  const at = (told: Parameters<typeof instant>[0] | undefined) =>
    price(call('o3', { at: told === undefined ? undefined : instant(told) }));
  expect(at(5000n)).toEqual(at(undefined));
  expect(matchOf(at(5000n))).toEqual(matchOf(at(undefined)));
  // The dates of listed prices do count: o3 became cheaper in June 2025.
  expect(dollars(at(time('2025-05-01T00:00:00Z')))).not.toBe(dollars(at(5000n)));
});
