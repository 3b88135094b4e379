/**
 * A sum that carries what rounding loses: Kahan's, as Neumaier improved it (prometheus/promql/functions.go, `kahanSumInc`).
 * One of it can be used for many sums.
 */
export class KahanSum {
  sum = 0;
  /** What `sum` lacks. */
  lost = 0;
  /** What is lost of an infinite sum is nothing (since 2.54); before, it was NaN. */
  readonly zeroAtInfinity: boolean;

  constructor(zeroAtInfinity: boolean) {
    this.zeroAtInfinity = zeroAtInfinity;
  }

  /** Begins anew, with what an earlier sum came to. */
  reset(sum = 0, lost = 0): this {
    this.sum = sum;
    this.lost = lost;
    return this;
  }

  add(value: number): void {
    const total = this.sum + value;
    if (this.zeroAtInfinity && Math.abs(total) === Number.POSITIVE_INFINITY) this.lost = 0;
    else if (Math.abs(this.sum) >= Math.abs(value)) this.lost += this.sum - total + value;
    else this.lost += value - total + this.sum;
    this.sum = total;
  }

  get total(): number {
    return this.sum + this.lost;
  }
}
