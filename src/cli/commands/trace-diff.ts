import { UserError } from '../../model/index.ts';
import type { Run } from './index.ts';

export const run: Run = () => {
  throw new UserError('not there yet');
};
