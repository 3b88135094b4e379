/** What the table does not keep and `doctor` asks about: bits a span. */
export const MARK = {
  /** The answer came in pieces. */
  streaming: 1,
  /** Prompts, answers, arguments or results are written down. */
  content: 2,
  /** Somebody kept only some of the traces. */
  sampled: 4,
  /** Attributes were thrown away, or as many are there as fit. */
  cut: 8,
} as const;
