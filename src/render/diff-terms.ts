/** What people call the terms of a difference in cost. */
export const TERM_NAMES: ReadonlyMap<string, string> = new Map([
  ['runs', 'number of runs'],
  ['calls', 'number of calls'],
  ['retries', 'retries'],
  ['input_tokens', 'input tokens per call'],
  ['output_tokens', 'output tokens per call'],
  ['other_usage', 'searches and fees per call'],
  ['cache', 'cache rate'],
  ['model_mix', 'model mix'],
  ['price', 'prices'],
  ['recorded', 'recorded costs without a price'],
]);
