import { AUTHORITIES, isGuess, type SpanTable, type Tariff } from '../model/index.ts';
import { differ, type Pricing } from './reckon.ts';

const NOT_BILLED = AUTHORITIES.indexOf('not_billed');
/** A recorded cost this near to the computed one leaves no doubt about how the counts are to be read (`pricing/readings.ts`). */
const EQUAL = 0.005;

/**
 * Prices calls as most are: told once, by a tariff, with no recorded cost or one that counts. It comes to what `reckonRow` comes
 * to, without an object for each of a million calls; all others are for that one.
 */
export class PlainCalls {
  /** Of the call that was priced last, in picodollars: what counts, and what the prices say. */
  amount = 0;
  computed = 0;
  status: 'computed' | 'recorded' = 'computed';
  conflict = false;
  readonly #table: SpanTable;
  readonly #pricing: Pricing;

  constructor(table: SpanTable, pricing: Pricing) {
    this.#table = table;
    this.#pricing = pricing;
  }

  /** Prices what a row reports, if that is such a call. */
  price(row: number): boolean {
    const { calls } = this.#table;
    const call = calls.of(row);
    if (call < 0 || !calls.hasUsage(call)) return false;
    const tariff = this.#tariffOf(row);
    const computed = tariff === undefined ? Number.NaN : tariff.amountOf(calls.usage, call);
    if (tariff === undefined || Number.isNaN(computed)) return false;
    const isRecorded = calls.hasCost(call);
    if (isRecorded && (tariff.isOwn || !this.#counts(call, computed))) return false;
    const amount = isRecorded ? calls.amountOf(call) : computed;
    this.amount = amount;
    this.computed = computed;
    this.status = isRecorded ? 'recorded' : 'computed';
    this.conflict = differ(amount, computed);
    return true;
  }

  /** Does a recorded cost count, however the counts are read? */
  #counts(call: number, computed: number): boolean {
    const { calls, strings } = this.#table;
    const recorded = calls.amountOf(call);
    if (this.#pricing.mode !== 'auto' || recorded === 0 || calls.authorityOf(call) === NOT_BILLED)
      return false;
    const isNear = Math.abs(recorded - computed) <= EQUAL * Math.max(recorded, computed);
    return isNear || !isGuess(strings.text(calls.ruleOf(call)));
  }

  #tariffOf(row: number): Tariff | undefined {
    const { prices, mode, terms } = this.#pricing;
    const known = terms.of(row);
    const second = known.timed ? this.#table.startSecondOf(row) : 0;
    const { tariff } = known;
    if (tariff !== undefined && second >= tariff.from && second < tariff.until) return tariff;
    if (mode === 'recorded') return undefined;
    known.tariff = prices.tariffOf?.(known, second);
    return known.tariff;
  }
}
