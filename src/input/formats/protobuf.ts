/** Whether this was thrown because bytes are no message. */
export const isNoMessage = (error: unknown): boolean =>
  error instanceof Error && error.message.startsWith('not protobuf');

const WIRE = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;

/**
 * Reads the protobuf wire format field by field (https://protobuf.dev/programming-guides/encoding/).
 * A cursor over one message; every step checks its bounds and throws an Error on bytes that are no message.
 */
export class WireReader {
  readonly #bytes: Buffer;
  readonly #end: number;
  #at: number;
  #high = 0;
  /** Field number times eight plus wire type of the field that is next to read. */
  tag = 0;

  constructor(bytes: Uint8Array, from = 0, end = bytes.length) {
    this.#bytes = Buffer.isBuffer(bytes)
      ? bytes
      : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#at = from;
    this.#end = end;
  }

  /** Steps to the next field and tells its `tag`; false at the end of the message. */
  next(): boolean {
    if (this.#at >= this.#end) return false;
    this.tag = this.number();
    if (this.tag < 8 || this.tag > 0xffff_ffff) throw new Error('not protobuf: bad field number');
    return true;
  }

  /** Steps over the value of the current field. */
  skip(): void {
    const wire = this.tag & 7;
    if (wire === WIRE.varint) this.#varint();
    else if (wire === WIRE.fixed64) this.#advance(8);
    else if (wire === WIRE.bytes) this.#advance(this.number());
    else if (wire === WIRE.fixed32) this.#advance(4);
    else throw new Error(`not protobuf: wire type ${wire}`);
  }

  /** A varint below 2^53: tags, lengths, enums. */
  number(): number {
    const value = this.#varint();
    if (this.#high > 0x1f_ffff) throw new Error('not protobuf: length out of range');
    return value + this.#high * 0x1_0000_0000;
  }

  /** An int64, negative ones in two's complement; a `bigint` only where a double would lose digits. */
  int64(): number | bigint {
    const low = this.#varint();
    const high = this.#high | 0;
    if (high >= -0x20_0000 && high < 0x20_0000) return high * 0x1_0000_0000 + low;
    return (BigInt(high) << 32n) | BigInt(low);
  }

  bool(): boolean {
    return this.#varint() !== 0 || this.#high !== 0;
  }

  fixed64(): bigint {
    const at = this.#advance(8);
    return this.#bytes.readBigUInt64LE(at);
  }

  double(): number {
    return this.#bytes.readDoubleLE(this.#advance(8));
  }

  string(): string {
    const from = this.#advance(this.number());
    return this.#bytes.toString('utf8', from, this.#at);
  }

  text(encoding: 'hex' | 'base64'): string {
    const from = this.#advance(this.number());
    return this.#bytes.toString(encoding, from, this.#at);
  }

  bytes(): Uint8Array {
    const from = this.#advance(this.number());
    return this.#bytes.subarray(from, this.#at);
  }

  message(): WireReader {
    const from = this.#advance(this.number());
    return new WireReader(this.#bytes, from, this.#at);
  }

  /** The low 32 bits; the high ones are left in `#high`. */
  #varint(): number {
    let low = 0;
    this.#high = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      if (this.#at >= this.#end) throw new Error('not protobuf: ends inside a number');
      const byte = this.#bytes[this.#at++]!;
      if (shift < 28) low |= (byte & 127) << shift;
      else if (shift === 28) {
        low |= (byte & 15) << 28;
        this.#high = (byte & 127) >>> 4;
      } else if (shift < 63) this.#high |= (byte & 127) << (shift - 32);
      else this.#high |= (byte & 1) << 31;
      if (byte < 128) {
        this.#high >>>= 0;
        return low >>> 0;
      }
    }
    throw new Error('not protobuf: number too long');
  }

  /** Moves past `length` bytes and returns where they began. */
  #advance(length: number): number {
    const from = this.#at;
    if (length > this.#end - from) throw new Error('not protobuf: ends inside a field');
    this.#at = from + length;
    return from;
  }
}
