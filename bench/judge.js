import { median } from './measure.js';

// What the samples of a row say: `figure` as text, `value` as a number, `met` where there is a goal.
// Every ratio is taken pair by pair, within one round, and the median of the pairs is told.

/** How many times as long the other side takes; at least `goal`. */
export const timesFaster =
  (goal) =>
  ({ ours, than }) => {
    const value = median(than.map(({ seconds }, round) => seconds / ours[round].seconds));
    return { value, figure: times(value), met: goal === undefined ? undefined : value >= goal };
  };

/** How many times as long we take as the other side; at most `goal`. */
export const timesAsLong =
  (goal) =>
  ({ ours, than }) => {
    const value = median(ours.map(({ seconds }, round) => seconds / than[round].seconds));
    return {
      value,
      figure: `${value.toFixed(2)}× the time`,
      met: goal === undefined ? undefined : value <= goal,
    };
  };

/** The share of the other side's bytes (or spans) a second that we keep; at least `goal`. */
export const speedKept = (goal, ourAmount, theirAmount) => (samples) => {
  const value = 1 / (timesAsLong()(samples).value * (theirAmount / ourAmount));
  return {
    value,
    figure: `${percent(value)} of the speed`,
    met: goal === undefined ? undefined : value >= goal,
  };
};

/** Megabytes a second, at least `goal`. */
export const megabytesPerSecond =
  (goal, bytes) =>
  ({ ours }) => {
    const value = median(ours.map(({ seconds }) => bytes / 1e6 / seconds));
    return { value, figure: `${count(value)} MB/s`, met: goal === undefined ? undefined : value >= goal };
  };

/** Peak memory in megabytes, below `goal`. */
export const peakBelow =
  (goal) =>
  ({ ours }) => {
    const value = median(ours.map(({ peakMegabytes }) => peakMegabytes));
    return { value, figure: `${count(value)} MB`, met: value < goal };
  };

/** Peak memory against the other side's; at most `goal` times as much. */
export const peakAgainst =
  (goal) =>
  ({ ours, than }) => {
    const value = median(ours.map(({ peakMegabytes }, round) => peakMegabytes / than[round].peakMegabytes));
    return { value, figure: `${value.toFixed(2)}× the memory`, met: value <= goal };
  };

/** A number that the measured program itself prints as JSON. */
export const told =
  (name, goal, unit, digits = 0) =>
  ({ ours }) => {
    const value = median(ours.map((sample) => sample.told[name]));
    const figure = `${value.toLocaleString('en', { maximumFractionDigits: digits })} ${unit}`;
    return { value, figure, met: goal.atMost === undefined ? value >= goal.atLeast : value <= goal.atMost };
  };

export const times = (value) => `${value < 10 ? value.toFixed(2) : value.toFixed(1)}×`;
export const percent = (share) => `${(100 * share).toFixed(0)} %`;
const count = (value) => Math.round(value).toLocaleString('en');
