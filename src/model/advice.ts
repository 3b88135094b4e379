/**
 * What to change, for whom. Entries of a topic are tried in order; one without a condition is for everybody that none
 * before it was for.
 */
export type Advice = {
  readonly topic: Topic;
  readonly for: string;
  readonly text: string;
  readonly code?: string;
  /** Where the setting or function is documented. */
  readonly source?: string;
  /** The dialect of the spans, their instrumentation library, the provider; all that are given must fit. */
  readonly dialects?: readonly string[];
  readonly scope?: RegExp;
  readonly providers?: readonly string[];
  readonly language?: 'python' | 'js';
};

export type Topic =
  | 'calls'
  | 'streaming'
  | 'usage'
  | 'counts'
  | 'failed'
  | 'model'
  | 'damage'
  | 'format'
  | 'repeat'
  | 'circle'
  | 'parents'
  | 'user'
  | 'session'
  | 'workflow'
  | 'conflict'
  | 'cost'
  | 'cache'
  | 'lifetime'
  | 'sums'
  | 'sampling'
  | 'limits'
  | 'ends'
  | 'clocks'
  | 'times'
  | 'ids'
  | 'twice'
  | 'steps'
  | 'service'
  | 'errors'
  | 'durations'
  | 'vocabulary'
  | 'content';
