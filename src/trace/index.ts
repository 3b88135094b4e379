export * from './assemble.ts';
export * from './attribute.ts';
export * from './bill.ts';
export * from './residuals.ts';
