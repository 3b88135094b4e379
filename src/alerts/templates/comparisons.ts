import { TemplateFailure, type Value } from './values.ts';

type Kind = 'bool' | 'int' | 'float' | 'string';

const BAD_TYPE = 'invalid type for comparison';
const INCOMPATIBLE = 'incompatible types for comparison';

function kindOf(value: Value): Kind | undefined {
  switch (typeof value) {
    case 'boolean':
      return 'bool';
    case 'bigint':
      return 'int';
    case 'number':
      return 'float';
    case 'string':
      return 'string';
    default:
      return undefined;
  }
}

/** Whether the first is equal to any of the others. An integer and a float cannot be compared. */
export function equal(first: Value, ...others: readonly Value[]): boolean {
  if (others.length === 0) throw new TemplateFailure('missing argument for comparison');
  const kind = kindOf(first);
  if (first !== undefined && kind === undefined) {
    throw new TemplateFailure(`non-comparable type ${String(first)}: ${typeof first}`);
  }
  return others.some((other) => {
    if (first === undefined || other === undefined) return first === other;
    if (kindOf(other) !== kind) throw new TemplateFailure(INCOMPATIBLE);
    return first === other;
  });
}

/** Whether the one is less than the other. */
export function less(one: Value, other: Value): boolean {
  const kind = kindOf(one);
  if (kind === undefined) throw new TemplateFailure(BAD_TYPE);
  const kindOfOther = kindOf(other);
  if (kindOfOther === undefined) throw new TemplateFailure(BAD_TYPE);
  if (kind !== kindOfOther) throw new TemplateFailure(INCOMPATIBLE);
  if (kind === 'bool') throw new TemplateFailure(BAD_TYPE);
  return (one as number) < (other as number);
}
