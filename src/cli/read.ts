import { openInputs } from '../input/index.ts';
import type { PriceBook } from '../model/index.ts';
import { type Dataset, load } from '../pipeline.ts';
import { createPriceBook } from '../pricing/index.ts';
import { loadConfig } from './config.ts';
import { interruptible } from './interrupt.ts';
import { createProgress } from './progress.ts';
import type { Session } from './session.ts';
import type { Settings } from './settings.ts';
