/**
 * Columns of `SpanTable.extra` that hold hashes of what a call was given and gave back, where somebody asked for them: equal
 * texts have equal hashes, and nothing else is kept of them. `PROMPT_HASHES` is a hash for each leading part of a prompt.
 */
export const CALL_ARGUMENTS = 'hash of arguments';
export const CALL_RESULT = 'hash of result';
export const PROMPT_HASHES = 'hashes of the prompt';

export const SIGNATURES: readonly string[] = [CALL_ARGUMENTS, CALL_RESULT, PROMPT_HASHES];
