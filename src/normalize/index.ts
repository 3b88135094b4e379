export type { Dialect } from './dialect.ts';
export { DIALECTS } from './dialects/index.ts';
export { createNormalizer, type Normalizer } from './normalizer.ts';
export { RESOURCE_IDENTITY } from './resource.ts';
