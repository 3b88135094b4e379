// An attribute is [key, type, value]; every writer spells it in its own way.
// Numbers with a fraction are decimal text, so that a cost is written down to the last digit.

export const text = (key, value) => [key, 'text', value];
export const whole = (key, value) => [key, 'whole', value];
export const real = (key, decimal) => [key, 'real', decimal];
export const flag = (key, value) => [key, 'flag', value];
/** A list of texts. */
export const list = (key, values) => [key, 'list', values];
/** Attributes inside an attribute. */
export const nested = (key, attributes) => [key, 'nested', attributes];

/** The value as a program would hold it. */
export function plainValue([, type, value]) {
  if (type === 'real') return Number(value);
  return type === 'nested' ? plainObject(value) : value;
}

export const plainObject = (attributes) =>
  Object.fromEntries(attributes.map((attribute) => [attribute[0], plainValue(attribute)]));

/** How many characters an attribute has, give or take: corpora of one size hold the same spans in every format. */
export function weightOf([key, type, value]) {
  const content =
    type === 'nested' ? value.reduce((sum, inner) => sum + weightOf(inner), 0) : `${value}`.length;
  return 42 + key.length + content;
}
