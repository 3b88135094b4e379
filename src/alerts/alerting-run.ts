import type { Labels } from '../model/index.ts';
import { METRIC_NAME } from '../promql/index.ts';
import { Failures } from './failures.ts';
import type { AlertingOutcome, Episode, EvaluateOptions } from './outcome.ts';
import type { Result, Sample } from './results.ts';
import type { AlertingRule, RuleGroup } from './rule.ts';
import { DUPLICATE_SAMPLE, SeriesWriter } from './series-writer.ts';
import { templateData } from './template-data.ts';
import { expandTemplate, isTemplate } from './templates/index.ts';
import { keyOf, type WrittenSource } from './written-series.ts';

type Final = { readonly labels: Labels; readonly key: string };
type Growing = { -readonly [Key in keyof Episode]: Episode[Key] } & { times: number[]; values: number[] };
type Active = {
  readonly episode: Growing;
  readonly final: Final;
  /** Labels of `ALERTS` and `ALERTS_FOR_STATE`, made when they are first written. */
  readonly series: { pending?: Final; firing?: Final; forState?: Final };
  keptSince: number | undefined;
};

/**
 * An alerting rule from evaluation to evaluation. What it remembers and the order in which it decides are those of
 * Prometheus' `rules/alerting.go`.
 */
export class AlertingRun {
  readonly #group: RuleGroup;
  readonly #rule: AlertingRule;
  readonly #source: WrittenSource;
  readonly #options: EvaluateOptions;
  readonly #writer: SeriesWriter;
  readonly #failures = new Failures();
  readonly #finals = new WeakMap<Labels, Final>();
  readonly #episodes: Growing[] = [];
  readonly #hasTemplates: boolean;
  readonly #active = new Map<string, Active>();

  constructor(group: RuleGroup, rule: AlertingRule, source: WrittenSource, options: EvaluateOptions) {
    this.#group = group;
    this.#rule = rule;
    this.#source = source;
    this.#options = options;
    this.#writer = new SeriesWriter(source);
    this.#hasTemplates = [...rule.labels.values()].some(isTemplate);
  }

  step(time: number, whole: Result): void {
    if ('failure' in whole) {
      this.#failures.add(time, whole.failure);
      return;
    }
    const { judgedFrom } = this.#options;
    const result =
      judgedFrom === undefined ? whole : whole.filter(({ labels }) => judgedFrom(labels) <= time);
    const finals = result.map((sample) => this.#final(sample, time));
    const present = new Set(finals.map(({ key }) => key));
    if (present.size < finals.length) {
      this.#failures.add(time, 'vector contains metrics with the same labelset after applying alert labels');
      return;
    }
    for (const [key, active] of this.#active) if (!present.has(key)) this.#miss(key, active, time);
    const { limit, queryOffset } = this.#group;
    const count = limit > 0 ? new Set([...this.#active.keys(), ...present]).size : 0;
    if (count > limit) {
      // Nothing that this evaluation found has come to be, and what was there is forgotten.
      this.#failures.add(time, `exceeded limit of ${limit} with ${count} alerts`);
      for (const { episode } of this.#active.values()) episode.endedAt = time;
      this.#active.clear();
      return;
    }
    for (const [index, final] of finals.entries()) this.#hold(final, result[index]!, time);
    for (const active of this.#active.values()) {
      const { episode } = active;
      if (episode.firedAt === undefined && time - episode.activeAt >= this.#rule.for) episode.firedAt = time;
      this.#write(active);
    }
    if (!this.#writer.commit(time - queryOffset)) this.#failures.add(time, DUPLICATE_SAMPLE);
  }

  outcome(): AlertingOutcome {
    return {
      group: this.#group,
      rule: this.#rule,
      episodes: this.#episodes,
      failures: this.#failures.list(),
    };
  }

  #hold(final: Final, { labels, value }: Sample, time: number): void {
    let active = this.#active.get(final.key);
    if (active === undefined) {
      const episode: Growing = {
        labels: final.labels,
        activeAt: time,
        firedAt: undefined,
        endedAt: undefined,
        times: [],
        values: [],
        sample: labels,
      };
      active = { episode, final, series: {}, keptSince: undefined };
      this.#active.set(final.key, active);
      this.#episodes.push(episode);
    }
    active.keptSince = undefined;
    active.episode.times.push(time);
    active.episode.values.push(value);
    active.episode.sample = labels;
  }

  /** Its expression no longer holds: it ends, unless it is kept firing. */
  #miss(key: string, active: Active, time: number): void {
    const { episode } = active;
    const isKept = episode.firedAt !== undefined && this.#rule.keepFiringFor > 0;
    if (isKept) active.keptSince ??= time;
    if (isKept && time - active.keptSince! < this.#rule.keepFiringFor) return;
    episode.endedAt = time;
    this.#active.delete(key);
  }

  #write({ episode, final, series }: Active): void {
    const state = episode.firedAt === undefined ? 'pending' : 'firing';
    // Labels of the rule as they are written stand under those of the alert, where templates made nothing of them.
    const base = [...this.#rule.labels, ...final.labels];
    series[state] ??= finalOf([...base, [METRIC_NAME, 'ALERTS'], ['alertstate', state]]);
    series.forState ??= finalOf([...base, [METRIC_NAME, 'ALERTS_FOR_STATE']]);
    this.#writer.write(series[state].key, series[state].labels, 1);
    // Whole seconds, as Prometheus writes them.
    const since = Math.floor(episode.activeAt / 1000);
    this.#writer.write(series.forState.key, series.forState.labels, since);
  }

  #final(sample: Sample, time: number): Final {
    const known = this.#finals.get(sample.labels);
    if (known !== undefined) return known;
    const set = new Map(sample.labels);
    set.delete(METRIC_NAME);
    const name = `__alert_${this.#rule.name}`;
    const data = this.#hasTemplates
      ? templateData(name, sample, time, this.#source, this.#options)
      : undefined;
    for (const [label, value] of this.#rule.labels) {
      set.set(label, data === undefined ? value : expandTemplate(value, data));
    }
    set.set('alertname', this.#rule.name);
    const final = finalOf(set);
    if (!this.#hasTemplates) this.#finals.set(sample.labels, final);
    return final;
  }
}

function finalOf(pairs: Iterable<readonly [string, string]>): Final {
  const labels = new Map([...new Map(pairs)].filter(([, value]) => value !== ''));
  return { labels, key: keyOf(labels) };
}
