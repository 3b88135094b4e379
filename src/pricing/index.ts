export { createPriceBook } from './book.ts';
export type { PriceConfig, PriceFile } from './config.ts';
export { didYouMean } from './nearest.ts';
export { type ConfigContext, type ConfigPath, parsePrices } from './parse.ts';
