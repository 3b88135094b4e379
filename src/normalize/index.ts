export { isContent } from './content.ts';
export { DIALECTS } from './dialects/index.ts';
export { withEvents } from './event-source.ts';
export { createNormalizer, type Normalizer } from './normalizer.ts';
export { RESOURCE_IDENTITY } from './resource.ts';
export { createRowSink } from './rows/row-sink.ts';
export { argumentsHash, promptHashes, resultHash } from './signatures.ts';
export { TOOL_RESULT_KEYS, toolResultSize } from './tool-results.ts';
