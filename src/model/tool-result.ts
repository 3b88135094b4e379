/** The column of `SpanTable.extra` that holds how large the results of tools were, where somebody asked for it. */
export const TOOL_RESULT_SIZE = 'tool result size';
