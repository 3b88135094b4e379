export * from './dimensions.ts';
export * from './groups.ts';
export * from './measures.ts';
export * from './quantiles.ts';
export * from './rollup.ts';
export * from './where.ts';
export * from './window.ts';
