import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { inProcess } from '../answer.ts';

const SHOP = 'fixtures/demo/shop.jsonl';
const folder = mkdtempSync(join(tmpdir(), 'agentobs-metrics-'));
afterAll(() => rmSync(folder, { recursive: true }));

let written = 0;
function file(text: string): string {
  const path = join(folder, `${written++}.yaml`);
  writeFileSync(path, text);
  return path;
}

const metrics = (...args: readonly string[]) => inProcess(['metrics', ...args, SHOP]);
const samples = (text: string): string[] => text.split('\n').filter((line) => /^[^#]/.test(line));

describe('metrics of your own', () => {
  it('count what they say, by any dimension', async () => {
    const config = file(`metrics:
  profile: none
  prefix: shop_
  labels: { job: nightly, shard: 7 }
  define:
    slow_tools_total:
      help: Calls of tools over a second.
      spans: tool
      where: ['duration>1s']
      labels: [tool, status]
    answers_seconds:
      help: How long answers took.
      type: histogram
      unit: seconds
      spans: llm
      value: duration
      labels: { cheap: model, card: 'attr:llm.provider' }
      buckets: [3, 10]
    reads_total:
      help: Tokens in and out.
      spans: call
      where: model~mini$
      value: { way: { in: input_tokens, out: output_tokens } }
    prompts:
      help: Prompt as an attribute tells it.
      type: gauge
      value: attr:llm.tokens.prompt
`);
    const { code, stdout } = await metrics('--config', config);
    expect(code).toBe(0);
    const all = 'job="nightly",shard="7"';
    expect(samples(stdout)).toEqual([
      `shop_slow_tools_total{tool="charge",status="error",${all}} 1`,
      `shop_slow_tools_total{tool="charge",status="success",${all}} 1`,
      `shop_answers_seconds_bucket{cheap="gpt-4o-mini",card="openai",${all},le="3"} 1`,
      `shop_answers_seconds_bucket{cheap="gpt-4o-mini",card="openai",${all},le="10"} 2`,
      `shop_answers_seconds_bucket{cheap="gpt-4o-mini",card="openai",${all},le="+Inf"} 2`,
      `shop_answers_seconds_sum{cheap="gpt-4o-mini",card="openai",${all}} 7`,
      `shop_answers_seconds_count{cheap="gpt-4o-mini",card="openai",${all}} 2`,
      `shop_answers_seconds_bucket{cheap="house-model",card="openai",${all},le="3"} 0`,
      `shop_answers_seconds_bucket{cheap="house-model",card="openai",${all},le="10"} 0`,
      `shop_answers_seconds_bucket{cheap="house-model",card="openai",${all},le="+Inf"} 1`,
      `shop_answers_seconds_sum{cheap="house-model",card="openai",${all}} 28`,
      `shop_answers_seconds_count{cheap="house-model",card="openai",${all}} 1`,
      `shop_reads_total{way="in",${all}} 3000`,
      `shop_reads_total{way="out",${all}} 500`,
      `shop_prompts{${all}} 500`,
    ]);
  });

  it('stand in a file that --profile names, and take the place of others', async () => {
    const profile = file(`profile: genxai
define:
  genxai_tool_calls_total: { help: All calls., spans: tool }
`);
    const { stdout } = await metrics('--no-config', '--profile', profile);
    expect(samples(stdout)).toContain('genxai_tool_calls_total 2');
    expect(samples(stdout)).toContain('genxai_retry_success_total{tool_name="charge"} 1');
  });

  it('are refused with every fault and its line', async () => {
    const config = file(`metrics:
  profile: genxay
  labels: { le: 1, __x: a }
  max_series: 0
  define:
    my metric_total: { help: x }
    runs: { help: x, spans: agents, labels: [usr], value: cots, wher: [] }
    now_total: { help: x, value: running }
    sizes: { help: x, type: histogram, buckets: [2, 1], unit: bytes }
    x_count: { type: gauge, help: '', where: ['duration>x'] }
    two_total: { help: x, labels: { a: user, b: [] }, value: { a: { x: one } } }
    mixed_total: { help: x, value: { k: { a: cost, b: duration } } }
`);
    const { code, stderr } = await metrics('--config', config);
    expect(code).toBe(2);
    for (const fault of [
      /:2: metrics\.profile: no such profile; did you mean "genxai"\?/,
      /:3: metrics\.labels\.le: "le" means something else/,
      /:3: metrics\.labels\.__x: "__x" is no label name/,
      /:4: metrics\.max_series: expected a whole number from 1, found number 0/,
      /:6: .*"my metric_total" is no metric name/,
      /:7: .*the name of a counter ends in _total/,
      /:7: .*expected one of any, agent, .*did you mean "agent"\?/,
      /:7: .*no such dimension; did you mean "user"\?/,
      /:7: .*no such value; did you mean "cost"\?/,
      /:7: .*unknown key "wher"; did you mean "where"\?/,
      /:8: .*that is a level, .*its type is gauge/,
      /:9: .*expected a list of rising numbers/,
      /:9: .*the name has to end in _bytes/,
      /:10: .*say in a sentence what it counts/,
      /:10: .*_bucket, _count and _sum belong to histograms/,
      /:10: .*'x' is no/,
      /:11: .*no such dimension/,
      /:11: .*two labels are called "a"/,
      /:12: .*different units/,
    ])
      expect(stderr).toMatch(fault);
  });
});

describe('options', () => {
  it.each([
    [['--profile', 'opencel'], /no such profile, and no such file\n.*Did you mean 'opencell'/],
    [['--metric-prefix', '9x'], /begins no metric name/],
    [['--label', 'job'], /no label\n/],
    [['--label', '__name__=x'], /no label name/],
    [['--label', 'agent_id=x'], /agent_executions_total has a label of that name/],
    [['--max-series', '0'], /not a whole number from 1/],
    [['--scrape-interval', '15s'], /nothing is scraped/],
    [['--timestamps', '--scrape-interval', 'soon'], /not a length of time/],
    [['--timestamps', '-f', 'prometheus'], /no such choice/],
  ])('%j', async (args, message) => {
    const { code, stderr } = await metrics('--no-config', ...args);
    expect([code, stderr]).toEqual([2, expect.stringMatching(message)]);
  });

  it('say that there are too many series', async () => {
    const { stdout, stderr } = await metrics('--no-config', '--max-series', '2');
    expect(stderr).toContain('agent_executions_total: more than 2 series, because of agent_id with 3 values');
    expect(samples(stdout)).toContain('agent_executions_total{agent_id="other",status="success"} 3');
  });
});
