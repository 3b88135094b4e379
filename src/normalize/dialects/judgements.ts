import type { Condition, NumberSource } from '../dialect.ts';

/** What judges of made-up answers write instead of a score. */
const MADE_UP = {
  hallucinated: 1,
  hallucination: 1,
  'made up': 1,
  fail: 1,
  failed: 1,
  factual: 0,
  faithful: 0,
  grounded: 0,
  'not hallucinated': 0,
  not_hallucinated: 0,
  'no hallucination': 0,
  pass: 0,
  passed: 0,
} as const;

const HALLUCINATION = /hallucinat/i;
const CONFIDENCE = /(?:^|[^a-z])confidence/i;

/** Where a judgement has its name, its score and its word; a score says more than a word. */
type Judgement = {
  readonly name: string;
  readonly score: string;
  readonly label: string;
  readonly event?: string;
};

export const madeUp = ({ name, score, label, event }: Judgement): readonly NumberSource[] => {
  const at = { when: { key: name, like: HALLUCINATION } satisfies Condition, ...(event && { event }) };
  return [
    { ...at, key: score, words: MADE_UP },
    { ...at, key: label, words: MADE_UP },
  ];
};

export const confidence = ({ name, score, event }: Judgement): readonly NumberSource[] => [
  { key: score, when: { key: name, like: CONFIDENCE }, ...(event && { event }) },
];

/** Bare words that the in-house systems write on spans of their own. */
export const BARE = {
  confidence: [{ key: 'confidence', own: true }],
  hallucination: [{ key: 'hallucination', own: true }],
  predicted: [{ key: 'predicted', own: true }],
  actual: [{ key: 'actual', own: true }],
} as const satisfies Readonly<Record<string, readonly NumberSource[]>>;
