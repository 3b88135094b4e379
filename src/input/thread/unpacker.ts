import { parentPort } from 'node:worker_threads';
import { answerPacked } from './answer-packed.ts';

// What a thread runs that unpacks.
answerPacked(parentPort!);
