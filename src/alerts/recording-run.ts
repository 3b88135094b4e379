import type { Labels } from '../model/index.ts';
import { METRIC_NAME } from '../promql/index.ts';
import { Failures } from './failures.ts';
import type { RecordingOutcome } from './outcome.ts';
import type { Result } from './results.ts';
import type { RecordingRule, RuleGroup } from './rule.ts';
import { DUPLICATE_SAMPLE, SeriesWriter } from './series-writer.ts';
import { keyOf, type WrittenSource } from './written-series.ts';

type Final = { readonly labels: Labels; readonly key: string };

/** A recording rule from evaluation to evaluation: writes what its expression yields under its own name. */
export class RecordingRun {
  readonly #group: RuleGroup;
  readonly #rule: RecordingRule;
  readonly #writer: SeriesWriter;
  readonly #toldFrom: number;
  readonly #failures = new Failures();
  readonly #finals = new WeakMap<Labels, Final>();

  /** What fails before `toldFrom` is not told. */
  constructor(group: RuleGroup, rule: RecordingRule, source: WrittenSource, toldFrom: number) {
    this.#group = group;
    this.#rule = rule;
    this.#toldFrom = toldFrom;
    this.#writer = new SeriesWriter(source);
  }

  step(time: number, result: Result): void {
    if ('failure' in result) {
      this.#fail(time, result.failure);
      return;
    }
    const { limit, queryOffset } = this.#group;
    const finals = result.map(({ labels }) => this.#final(labels));
    if (new Set(finals.map(({ key }) => key)).size < finals.length) {
      this.#fail(time, 'vector contains metrics with the same labelset after applying rule labels');
      return;
    }
    if (limit > 0 && finals.length > limit) {
      this.#fail(time, `exceeded limit of ${limit} with ${finals.length} series`);
      return;
    }
    for (const [index, { labels, key }] of finals.entries()) {
      this.#writer.write(key, labels, result[index]!.value);
    }
    if (!this.#writer.commit(time - queryOffset)) this.#fail(time, DUPLICATE_SAMPLE);
  }

  outcome(): RecordingOutcome {
    return {
      group: this.#group,
      rule: this.#rule,
      series: this.#writer.size,
      failures: this.#failures.list(),
    };
  }

  #fail(time: number, message: string): void {
    if (time >= this.#toldFrom) this.#failures.add(time, message);
  }

  #final(labels: Labels): Final {
    let final = this.#finals.get(labels);
    if (final === undefined) {
      const set = new Map([...labels, [METRIC_NAME, this.#rule.name], ...this.#rule.labels]);
      for (const [name, value] of set) if (value === '') set.delete(name);
      final = { labels: set, key: keyOf(set) };
      this.#finals.set(labels, final);
    }
    return final;
  }
}
