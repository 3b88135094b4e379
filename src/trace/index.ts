export * from './assemble.ts';
export * from './attribute.ts';
export * from './bill.ts';
export * from './judgements.ts';
export { promptTokens } from './reports.ts';
export * from './residuals.ts';
export { unpricedKey } from './unpriced-groups.ts';
