/** The double that `JSON.parse` makes of a number. */
export declare function parsedNumber(at: usize, length: usize): f64;

/** Which of the plan's blanks a string with escapes says, from 1; 0 for none. */
export declare function blankNamed(at: usize, length: usize): u32;

/** The number of a resource and a scope, as this kind of document tells them; a length of 0 stands for none. */
export declare function contextNamed(
  kind: u32,
  resource: usize,
  resourceLength: usize,
  scope: usize,
  scopeLength: usize,
): u32;
