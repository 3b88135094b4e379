import { parentPort, workerData } from 'node:worker_threads';
import { answer } from './answer.ts';
import type { Order } from './messages.ts';

// What a thread runs that reads.
void answer(parentPort!, workerData as Order);
