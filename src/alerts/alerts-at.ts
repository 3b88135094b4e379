import type { Labels } from '../model/index.ts';
import type { ActiveAlert, AlertingOutcome, AlertState, Episode, Evaluation } from './outcome.ts';
import { templateData } from './template-data.ts';
import { expandTemplate } from './templates/index.ts';

/** What state an episode was in after the last evaluation that is not later than `time`. */
function stateAt({ activeAt, firedAt, endedAt }: Episode, time: number): AlertState {
  if (time < activeAt || (endedAt !== undefined && time >= endedAt)) return 'inactive';
  return firedAt !== undefined && time >= firedAt ? 'firing' : 'pending';
}

/** The pending and firing alerts of a rule at a time, in the order in which they became active. */
export function alertsAt(evaluation: Evaluation, outcome: AlertingOutcome, time: number): ActiveAlert[] {
  return outcome.episodes.flatMap((episode) => {
    const state = stateAt(episode, time);
    if (state === 'inactive') return [];
    const { labels, activeAt } = episode;
    const value = episode.values[lastAt(episode, time)]!;
    return [
      { labels, state, activeAt, value, annotations: annotationsOf(evaluation, outcome, episode, time) },
    ];
  });
}

/** The annotations of an alert, expanded with the value that it had last at `time`. */
export function annotationsOf(
  { source, options }: Evaluation,
  { rule }: AlertingOutcome,
  episode: Episode,
  time: number,
): Labels {
  const last = lastAt(episode, time);
  const sample = { labels: episode.sample, value: episode.values[last]! };
  const data = templateData(`__alert_${rule.name}`, sample, episode.times[last]!, source, options);
  return new Map([...rule.annotations].map(([name, text]) => [name, expandTemplate(text, data)]));
}

function lastAt({ times }: Episode, time: number): number {
  let last = times.length - 1;
  while (last > 0 && times[last]! > time) last -= 1;
  return last;
}
