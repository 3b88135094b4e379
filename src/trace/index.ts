export * from './assemble.ts';
export * from './attribute.ts';
export * from './bill.ts';
export type * from './forest.ts';
