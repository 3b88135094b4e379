// Throws unless an answer is what the generator knows to be true, row by row and to the last digit.

/** `cost --by user` of agentobs. */
export const costAnswer = (truth) => (stdout) => {
  const { input, rows: given } = JSON.parse(stdout);
  const rows = new Map(given.map((row) => [row.key.user, row]));
  equal('rows', rows.size, truth.users.length);
  for (const { user, calls, input: tokens, cached, output, pico } of truth.users) {
    const row = rows.get(user) ?? {};
    equal(`calls of ${user}`, row.calls, calls);
    equal(`input tokens of ${user}`, row.input_tokens, tokens);
    equal(`cached tokens of ${user}`, row.cache_read_tokens, cached);
    equal(`output tokens of ${user}`, row.output_tokens, output);
    equal(`cost of ${user}`, picoOf(row.cost_usd), BigInt(pico));
  }
  equal('spans', input.spans, truth.spans);
  equal('traces', input.traces, truth.traces);
};

/** `trace list --pick slowest` of agentobs. */
export const slowestAnswer = (truth) => (stdout) => {
  const { input, traces } = JSON.parse(stdout);
  const expected = truth.slowest.slice(0, 10);
  equal('traces listed', traces.length, expected.length);
  for (const [rank, { trace, nanoseconds, spans }] of expected.entries()) {
    equal(`trace ${rank}`, traces[rank].trace_id, trace);
    equal(`duration of trace ${rank}`, Math.round(traces[rank].duration_ms * 1e6), nanoseconds);
    equal(`spans of trace ${rank}`, traces[rank].spans, spans);
  }
  equal('spans', input.spans, truth.spans);
};

/** `trace show --trace` of agentobs, asked for the trace that the truth names. */
export const shownAnswer = (truth) => (stdout) => {
  const { traces } = JSON.parse(stdout);
  equal('traces shown', traces.length, 1);
  const [{ trace_id, spans, llm_calls, user, roots }] = traces;
  equal('trace', trace_id, truth.shown.trace);
  equal('its user', user, truth.shown.user);
  equal('its spans', spans, truth.shown.spans);
  equal('its calls', llm_calls, truth.shown.calls);
  let found = 0;
  for (const open = [...roots]; open.length > 0; found++) open.push(...open.pop().children);
  equal('spans in its tree', found, truth.shown.spans);
};

/** What is asked of everybody else: user, calls, input tokens, output tokens, dollars; a line each, tabs between. */
export const costLines = (truth) => (stdout) => {
  const rows = new Map(lines(stdout).map((row) => [row[0], row]));
  equal('rows', rows.size, truth.users.length);
  for (const { user, calls, input, output, pico } of truth.users) {
    const row = rows.get(user) ?? [];
    equal(`numbers of ${user}`, row.slice(1, 4).map(Number).join(), [calls, input, output].join());
    // They add up doubles.
    const dollars = Number(pico) / 1e12;
    if (!(Math.abs(Number(row[4]) - dollars) < 1e-6))
      throw new Error(`wrong cost of ${user}: ${row[4]} for ${dollars}`);
  }
};

/** The ten slowest traces: id, nanoseconds, spans. */
export const slowestLines = (truth) => (stdout) => {
  const expected = truth.slowest
    .slice(0, 10)
    .map(({ trace, nanoseconds, spans }) => `${trace} ${nanoseconds} ${spans}`);
  equal(
    'slowest',
    lines(stdout)
      .map((row) => row.join(' '))
      .join('\n'),
    expected.join('\n'),
  );
};

const lines = (stdout) =>
  stdout
    .trimEnd()
    .split('\n')
    .map((line) => line.split('\t'));

export function equal(what, got, expected) {
  if (got !== expected) throw new Error(`wrong answer: ${what}: expected ${expected}, got ${got}`);
}

/** A decimal number of dollars in picodollars. */
function picoOf(usd) {
  if (typeof usd !== 'string') return usd;
  const [whole, fraction = ''] = usd.split('.');
  return BigInt(whole + fraction.padEnd(12, '0'));
}
