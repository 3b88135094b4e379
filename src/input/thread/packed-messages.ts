import type { Unpackable } from '../packing.ts';

/** What a thread that unpacks is told: one stream after another, and memory that it may use again. */
export type ToUnpacker =
  | { readonly begin: Unpackable }
  | { readonly packed: ArrayBuffer }
  | { readonly end: true }
  | { readonly free: ArrayBuffer };

/** What it says: first that it is there. Memory belongs to one thread at a time. */
export type FromUnpacker =
  | { readonly ready: true }
  /** A piece of what is packed has been read. */
  | { readonly taken: true }
  | { readonly unpacked: ArrayBuffer; readonly length: number }
  | { readonly over: true; readonly damages: number };
