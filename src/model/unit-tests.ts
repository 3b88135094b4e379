/** The body of `alerts test`. */
export type UnitTestAnswer = {
  readonly files: readonly { readonly file: string; readonly tests: readonly UnitTestView[] }[];
  readonly summary: { readonly passed: number; readonly failed: number };
};

/** One case and what became of it. */
export type UnitTestView = {
  /** The name of the test that it belongs to. */
  readonly group: string;
  /** The expression, or the name of the alert. */
  readonly expr: string;
  /** Since the start of the test: `1m30s`. */
  readonly eval_time: string;
  readonly ok: boolean;
  /** Why there was nothing to compare, or what else there is to know. */
  readonly error?: string;
} & (
  | {
      readonly kind: 'alert';
      readonly expected: readonly AlertText[];
      readonly got: readonly AlertText[];
    }
  | {
      readonly kind: 'expr';
      readonly expected: readonly SampleText[];
      readonly got: readonly SampleText[];
    }
);

type Texts = { readonly [name: string]: string };
type AlertText = { readonly labels: Texts; readonly annotations: Texts };
/** `m{a="b"}` and `1.5`. */
type SampleText = { readonly labels: string; readonly value: string };
