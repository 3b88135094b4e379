import type { Binary, Expr, ValueType } from './ast.ts';
import { signatureOf } from './functions/signatures.ts';
import { foldChain } from './tree.ts';

/** A tree is asked for the types of all its parts: operators are not walked twice. */
const KNOWN = new WeakMap<Binary, ValueType>();

/** What an expression yields. */
export function typeOf(expr: Expr): ValueType {
  let inner = expr;
  while (inner.type === 'paren' || inner.type === 'unary') inner = inner.expr;
  switch (inner.type) {
    case 'number':
      return 'scalar';
    case 'string':
      return 'string';
    case 'matrix':
    case 'subquery':
      return 'matrix';
    case 'selector':
    case 'aggregate':
      return 'vector';
    case 'call':
      return resultOf(inner.name);
    case 'binary':
      return KNOWN.get(inner) ?? foldChain(inner, typeOf, resultOfOperator, (left) => !KNOWN.has(left));
  }
}

function resultOfOperator(left: ValueType, operator: Binary): ValueType {
  const type = left === 'scalar' && typeOf(operator.right) === 'scalar' ? 'scalar' : 'vector';
  KNOWN.set(operator, type);
  return type;
}

/** No function yields one thing in one version and another in the other. */
function resultOf(name: string): ValueType {
  for (const version of [3, 2] as const) {
    const signature = signatureOf(name, version);
    if (signature !== undefined && 'returns' in signature) return signature.returns;
  }
  return 'vector';
}

const DOCUMENTED: Readonly<Record<ValueType, string>> = {
  scalar: 'scalar',
  vector: 'instant vector',
  matrix: 'range vector',
  string: 'string',
};

/** What Prometheus' documentation and messages call a type. */
export function documentedType(type: ValueType): string {
  return DOCUMENTED[type];
}
