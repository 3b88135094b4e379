export { createPriceBook } from './book.ts';
export type { ConfigContext, ConfigPath, PriceConfig, PriceFile } from './config.ts';
export { parsePrices } from './parse.ts';
