// A bill as a person writes it by hand: prices with their source, and for every call the arithmetic, line by line.
//
//     # What happens here, in a sentence.
//     price claude-sonnet-4 (anthropic.com/pricing): input 3, cache read 0.30, output 15
//
//     call 00000000000000a1
//       1,000 input × 3 = 0.003
//       500 cache read × 0.30 = 0.00015
//       = 0.00315
//     not counted 00000000000000a0 rollup: the agent repeats its calls
//     total 0.00315
//
// Rates are USD per million tokens; `each` behind a rate makes it USD for one. A call may also be `recorded 0.0123`, or
// `unpriced no_usage`, which makes the total a lower bound: `total at least 0.00315`.

export type Bill = {
  readonly calls: readonly BilledCall[];
  readonly notCounted: readonly { readonly span: string; readonly status: string }[];
  /** Microdollars times a million: picodollars. */
  readonly total: bigint;
  readonly lowerBound: boolean;
};

type BilledCall = {
  readonly span: string;
  readonly status: string;
  /** Undefined where the price is not known. */
  readonly pico: bigint | undefined;
};

/** Reads a bill and checks its arithmetic: every product, every sum, and that every rate is one of the cited prices. */
export function parseBill(text: string): Bill {
  const bill: Draft = { prices: [], calls: [], notCounted: [], total: undefined, lowerBound: false };
  text.split('\n').forEach((line, i) => {
    try {
      readLine(bill, line);
    } catch (error) {
      throw new Error(`line ${i + 1}: ${line}\n  ${(error as Error).message}`);
    }
  });
  for (const call of bill.calls) if (!call.closed) throw new Error(`call ${call.span} has no sum`);
  const sum = bill.calls.reduce((before, { pico = 0n }) => before + pico, 0n);
  if (bill.total === undefined) throw new Error('no total');
  if (sum !== bill.total) throw new Error(`the calls add up to ${dollars(sum)}, not ${dollars(bill.total)}`);
  if (bill.lowerBound !== bill.calls.some(({ pico }) => pico === undefined))
    throw new Error('a total is "at least" when, and only when, a call has no price');
  return { calls: bill.calls, notCounted: bill.notCounted, total: bill.total, lowerBound: bill.lowerBound };
}

type DraftCall = { span: string; status: string; pico: bigint | undefined; lines: bigint; closed: boolean };
type Draft = {
  /** `bucket rate`, as cited. */
  prices: string[];
  calls: DraftCall[];
  notCounted: { span: string; status: string }[];
  total: bigint | undefined;
  lowerBound: boolean;
};

const PRICE = /^price (\S+) \(\S.*\): (.+)$/;
const LINE = /^ {2}([\d,]+) (.+?) × ([\d.]+)( each)? = (-?[\d.]+)$/;

function readLine(bill: Draft, line: string): void {
  if (line.trim() === '' || line.startsWith('#')) return;
  const price = PRICE.exec(line);
  if (price !== null) {
    for (const one of price[2]!.split(', ')) {
      const [, bucket, rate] = /^(.+) ([\d.]+(?: each)?)$/.exec(one) ?? fail(`not a price: ${one}`);
      bill.prices.push(`${bucket} ${rate}`);
    }
    return;
  }
  const call = bill.calls.at(-1);
  const open = call === undefined || call.closed ? undefined : call;
  const begun = /^call (\S+)/.exec(line);
  if (begun !== null) {
    bill.calls.push({ span: begun[1]!, status: 'computed', pico: undefined, lines: 0n, closed: false });
    return;
  }
  const not = /^not counted (\S+) (\w+): \S/.exec(line);
  if (not !== null) {
    bill.notCounted.push({ span: not[1]!, status: not[2]! });
    return;
  }
  const total = /^total (at least )?([\d.]+)$/.exec(line);
  if (total !== null) {
    bill.total = pico(total[2]!);
    bill.lowerBound = total[1] !== undefined;
    return;
  }
  if (open === undefined) fail('nothing that a bill can say here');
  readCallLine(bill, open, line);
}

function readCallLine(bill: Draft, call: DraftCall, line: string): void {
  const product = LINE.exec(line);
  if (product !== null) {
    const [, count, bucket, rate, each, amount] = product as unknown as [
      string,
      string,
      string,
      string,
      string,
      string,
    ];
    if (!bill.prices.includes(`${bucket} ${rate}${each ?? ''}`))
      fail(`no cited price says ${bucket} ${rate}`);
    const perMillion = BigInt(count.replaceAll(',', '')) * pico(rate);
    const worked = each === undefined ? perMillion / 1_000_000n : perMillion;
    if (each === undefined && perMillion % 1_000_000n !== 0n) fail('finer than a picodollar');
    if (worked !== pico(amount)) fail(`${count} × ${rate} is ${dollars(worked)}`);
    call.lines += worked;
    return;
  }
  const sum = /^ {2}= ([\d.]+)$/.exec(line);
  if (sum !== null) {
    if (pico(sum[1]!) !== call.lines) fail(`the lines add up to ${dollars(call.lines)}`);
    call.pico = call.lines;
  } else {
    const [, word, rest] = /^ {2}(recorded|unpriced|free) ?(\S*)$/.exec(line) ?? fail('not a line of a call');
    call.status = word === 'unpriced' ? `unpriced:${rest}` : word!;
    call.pico = word === 'recorded' ? pico(rest!) : word === 'free' ? 0n : undefined;
  }
  call.closed = true;
}

/** Dollars in decimal as whole picodollars. */
export function pico(text: string): bigint {
  const [, sign, whole, fraction = ''] =
    /^(-?)(\d+)(?:\.(\d{1,12}))?$/.exec(text) ?? fail(`not an amount: ${text}`);
  return BigInt(`${sign}${whole}${fraction.padEnd(12, '0')}`);
}

function dollars(amount: bigint): string {
  const digits = String(amount).padStart(13, '0');
  return `${digits.slice(0, -12)}.${digits.slice(-12)}`.replace(/\.?0+$/, '');
}

function fail(message: string): never {
  throw new Error(message);
}
