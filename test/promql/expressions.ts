import fc from 'fast-check';

// Expressions as people write them, with spaces, comments and odd spellings, and what typing errors make of them.

const spaces = fc.constantFrom('', '', '', ' ', '  ', '\n', '\t', ' # note\n ');
const name = fc.constantFrom(
  ...['a', 'b_total', 'job:rate5m', 'sum', 'by', 'offset', 'start', 'and', 'group', '_x', 'count_values'],
);
const label = fc.constantFrom('a', 'le', '__name__', 'on', 'without', 'sum', 'bool', 'start', 'x9');
const text = fc.constantFrom(
  ...[
    '""',
    '"x"',
    "'y'",
    '`z`',
    '"a\\nb"',
    "'it\\'s'",
    '"\\x41\\u00e9\\101"',
    '"é"',
    '".+"',
    '"a|b"',
    '"["',
    '`\\d+`',
  ],
);
const number = fc.constantFrom(
  ...[
    '0',
    '1',
    '2.5',
    '.5',
    '2.',
    '1e3',
    '1E-2',
    '0x1F',
    '010',
    '08',
    'Inf',
    'nan',
    '0.1e+2',
    '99999999999999999999',
  ],
);
const duration = fc.constantFrom(
  '5m',
  '1h30m',
  '1d',
  '90s',
  '1w2d',
  '150ms',
  '1y',
  '2m3ms',
  '0s',
  '5x',
  '30m1h',
);
const matcher = fc
  .tuple(label, fc.constantFrom('=', '!=', '=~', '!~'), text, spaces)
  .map(([key, op, value, space]) => `${key}${space}${op}${space}${value}`);

/** `separator` and the end of the list are sometimes doubled or left out by the mutations below. */
function list(items: fc.Arbitrary<string>, maxLength = 3): fc.Arbitrary<string> {
  return fc
    .tuple(fc.array(items, { maxLength }), spaces, fc.constantFrom('', '', '', ','))
    .map(([parts, space, last]) => parts.join(`,${space}`) + (parts.length > 0 ? last : ''));
}

const braces = list(matcher).map((inside) => `{${inside}}`);
const labels = list(label).map((inside) => `(${inside})`);
const selector = fc.oneof(
  { weight: 4, arbitrary: name },
  { weight: 2, arbitrary: fc.tuple(name, spaces, braces).map((parts) => parts.join('')) },
  { weight: 1, arbitrary: braces },
);
const modifier = fc.oneof(
  { weight: 6, arbitrary: fc.constant('') },
  duration.map((d) => ` offset ${d}`),
  duration.map((d) => ` OFFSET -${d}`),
  number.map((n) => ` @ ${n}`),
  number.map((n) => ` @ -${n}`),
  fc.constantFrom(' @ start()', ' @end( )', ' offset 5', ' @ foo'),
);
const range = fc.oneof(
  duration.map((d) => `[${d}]`),
  duration.map((d) => `[ ${d}:]`),
  fc.tuple(duration, duration).map(([r, s]) => `[${r} : ${s} ]`),
);
const aggregation = fc.constantFrom(
  'sum',
  'avg',
  'MIN',
  'group',
  'topk',
  'quantile',
  'count_values',
  'stddev',
);
const call = fc.constantFrom(
  ...[
    'rate',
    'increase',
    'abs',
    'histogram_quantile',
    'time',
    'vector',
    'scalar',
    'label_replace',
    'label_join',
  ],
  ...[
    'round',
    'hour',
    'clamp',
    'absent',
    'quantile_over_time',
    'predict_linear',
    'unheard_of',
    'pi',
    'sort_desc',
  ],
);
const operator = fc.constantFrom(
  ...['+', '-', '*', '/', '%', '^', 'atan2', '==', '!=', '>', '<', '>=', '<=', 'and', 'OR', 'unless'],
);
const grouping = fc
  .tuple(fc.constantFrom('by', 'without', 'BY'), spaces, labels)
  .map((parts) => parts.join(''));
const matching = fc.oneof(
  { weight: 4, arbitrary: fc.constant('') },
  { weight: 2, arbitrary: fc.constant(' bool ') },
  fc
    .tuple(
      fc.constantFrom('', ' bool'),
      fc.constantFrom('on', 'ignoring'),
      labels,
      fc.oneof(
        fc.constant(''),
        fc.constant('group_left'),
        labels.map((l) => `group_right ${l}`),
      ),
    )
    .map(([bool, how, keys, group]) => `${bool} ${how}${keys} ${group} `),
);

const { expression } = fc.letrec<{ expression: string }>((tie) => {
  const inner = tie('expression');
  return {
    expression: fc.oneof(
      { maxDepth: 4, depthSize: 'small', withCrossShrink: true },
      { weight: 3, arbitrary: fc.tuple(selector, modifier).map((parts) => parts.join('')) },
      { weight: 2, arbitrary: number },
      { weight: 1, arbitrary: text },
      {
        weight: 3,
        arbitrary: fc.tuple(selector, range, modifier, modifier).map((parts) => parts.join('')),
      },
      {
        weight: 4,
        arbitrary: fc
          .tuple(inner, spaces, operator, matching, inner)
          .map(([left, space, op, how, right]) => `${left}${space || ' '}${op}${how || ' '}${right}`),
      },
      { weight: 2, arbitrary: fc.tuple(spaces, inner, spaces).map((parts) => `(${parts.join('')})`) },
      { weight: 2, arbitrary: fc.tuple(fc.constantFrom('-', '+'), inner).map((parts) => parts.join('')) },
      {
        weight: 4,
        arbitrary: fc.tuple(call, list(inner)).map(([name, args]) => `${name}(${args})`),
      },
      {
        weight: 4,
        arbitrary: fc
          .tuple(aggregation, spaces, fc.option(grouping, { nil: '' }), list(inner, 2), fc.boolean())
          .map(([op, space, by, args, before]) =>
            before ? `${op}${space || ' '}${by}(${args})` : `${op}${space}(${args})${space}${by}`,
          ),
      },
      { weight: 2, arbitrary: fc.tuple(inner, range, modifier).map((parts) => parts.join('')) },
    ),
  };
});

const TYPOS = [
  ...'()[]{},:="\'`!~@+-*^#$_ \n09aZés',
  ' by ',
  ' on ',
  'é',
  'bool',
  '5m',
  ' 1',
  '\ufffd',
  '{a="',
];

/** An expression with a piece left out, said twice or put in. */
const mutated = fc
  .tuple(expression, fc.nat(), fc.integer({ min: 0, max: 3 }), fc.constantFrom(...TYPOS), fc.nat(2))
  .map(([expr, place, length, typo, how]) => {
    const at = place % (expr.length + 1);
    const piece = expr.slice(at, at + length);
    if (how === 0) return expr.slice(0, at) + expr.slice(at + length);
    if (how === 1) return expr.slice(0, at) + piece + expr.slice(at);
    return expr.slice(0, at) + typo + expr.slice(at);
  });

const BITS = [
  ...['a', 'é', 'sum', 'by', 'on', 'offset', 'bool', 'group_left', 'start', 'rate', 'inf', '5m', '"x"', 'é"'],
  ...'()[]{},"\'`\\5msex0_:=!~<>@#$.-+^ \n\t\r\u00a0\ufffd\0',
];

/** What the lexer has to find its way in. */
const jumble = fc
  .array(fc.constantFrom(...BITS), { minLength: 1, maxLength: 9 })
  .map((bits) => bits.join(''));

/** Right and wrong expressions of the language of Prometheus 2. */
export const anyExpression: fc.Arbitrary<string> = fc.oneof(expression, mutated, jumble);
