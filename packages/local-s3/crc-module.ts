// A CRC is a chain of table look-ups, which JavaScript does a byte at a time. This WebAssembly takes
// sixteen bytes a step, each with a table of its own ("slicing-by-16"), in 64-bit registers, so that
// one function serves every reflected CRC of up to 64 bits. The module is written here by hand:
// it is one function of two loops, and a compiler would be a build step.
// https://webassembly.github.io/spec/core/binary/
const I32 = 0x7f
const I64 = 0x7e
const OP = {
  block: 0x02,
  loop: 0x03,
  end: 0x0b,
  br: 0x0c,
  brIf: 0x0d,
  localGet: 0x20,
  localSet: 0x21,
  i64Load: 0x29,
  i64Load8: 0x31,
  i32Const: 0x41,
  i64Const: 0x42,
  i32GreaterUnsigned: 0x4b,
  i32GreaterOrEqualUnsigned: 0x4f,
  i32Add: 0x6a,
  i32And: 0x71,
  i32ShiftLeft: 0x74,
  i64Xor: 0x85,
  i64ShiftRight: 0x88,
  i32WrapI64: 0xa7,
}
const VOID = 0x40

const SLICES = 16
const SLICE_BYTES = 256 * 8
/** Where the input lies in the memory: behind the tables. */
const INPUT = SLICES * SLICE_BYTES
const PAGES = 2
const INPUT_BYTES = PAGES * 65_536 - INPUT

// Integers are LEB128: signed for constants, unsigned for everything else.
function signed(value: number): number[] {
  const byte = value & 0x7f
  const rest = value >> 7
  const isLast = (rest === 0 && (byte & 0x40) === 0) || (rest === -1 && (byte & 0x40) !== 0)
  return isLast ? [byte] : [byte | 0x80, ...signed(rest)]
}

function unsigned(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)]
}

function section(id: number, ...items: number[][]) {
  const body = [...unsigned(items.length), ...items.flat()]
  return [id, ...unsigned(body.length), ...body]
}

function text(value: string) {
  return [...unsigned(value.length), ...Buffer.from(value)]
}

// Parameters and locals of `update(crc, from, end)`.
const CRC = 0
const FROM = 1
const END = 2
const FIRST = 3
const SECOND = 4

const get = (local: number) => [OP.localGet, local]
const set = (local: number) => [OP.localSet, local]
const i32 = (value: number) => [OP.i32Const, ...signed(value)]
const i64 = (value: number) => [OP.i64Const, ...signed(value)]
const load64 = (offset: number) => [OP.i64Load, 0, ...unsigned(offset)]

/** The entry of `slice` for byte number `byte` of a 64-bit local. */
function lookUp(word: number, byte: number, slice: number) {
  // Shifted by three less than the byte's position, the byte is its own offset into the table.
  const shifted =
    byte === 0
      ? [...get(word), OP.i32WrapI64, ...i32(3), OP.i32ShiftLeft]
      : [...get(word), ...i64(byte * 8 - 3), OP.i64ShiftRight, OP.i32WrapI64]
  return [...shifted, ...i32(0xff << 3), OP.i32And, ...load64(slice * SLICE_BYTES)]
}

function sixteenBytes() {
  const bytes = Array.from({ length: SLICES }, (_, index) =>
    lookUp(index < 8 ? FIRST : SECOND, index % 8, SLICES - 1 - index),
  )
  return bytes.flatMap((code, index) => (index === 0 ? code : [...code, OP.i64Xor]))
}

function advance(by: number) {
  return [...get(FROM), ...i32(by), OP.i32Add, ...set(FROM)]
}

function updateBody() {
  const wide = [
    ...[OP.block, VOID, OP.loop, VOID],
    ...[...get(FROM), ...i32(SLICES), OP.i32Add, ...get(END), OP.i32GreaterUnsigned, OP.brIf, 1],
    ...[...get(FROM), ...load64(0), ...get(CRC), OP.i64Xor, ...set(FIRST)],
    ...[...get(FROM), ...load64(8), ...set(SECOND)],
    ...[...sixteenBytes(), ...set(CRC)],
    ...[...advance(SLICES), OP.br, 0, OP.end, OP.end],
  ]
  const single = [
    ...[OP.block, VOID, OP.loop, VOID],
    ...[...get(FROM), ...get(END), OP.i32GreaterOrEqualUnsigned, OP.brIf, 1],
    ...[...get(FROM), OP.i64Load8, 0, 0, ...get(CRC), OP.i64Xor, ...set(FIRST)],
    ...[...lookUp(FIRST, 0, 0), ...get(CRC), ...i64(8), OP.i64ShiftRight, OP.i64Xor, ...set(CRC)],
    ...[...advance(1), OP.br, 0, OP.end, OP.end],
  ]
  const locals = [1, 2, I64]
  return [...locals, ...wide, ...single, ...get(CRC), OP.end]
}

function moduleBytes() {
  const body = updateBody()
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, [0x60, 3, I64, I32, I32, 1, I64]),
    ...section(3, [0]),
    ...section(5, [0x00, PAGES]),
    ...section(7, [...text("memory"), 0x02, 0], [...text("update"), 0x00, 0]),
    ...section(10, [...unsigned(body.length), ...body]),
  ])
}

const compiled = new WebAssembly.Module(moduleBytes())

/** Returns a function that continues a CRC, the register as it is, over the bytes of a chunk. */
export function createCrc(polynomial: bigint) {
  const { memory, update } = new WebAssembly.Instance(compiled).exports
  if (!(memory instanceof WebAssembly.Memory) || typeof update !== "function")
    throw new Error("The CRC module has no such exports.")
  new BigUint64Array(memory.buffer, 0, SLICES * 256).set(slices(polynomial))
  const input = new Uint8Array(memory.buffer, INPUT, INPUT_BYTES)

  return (crc: bigint, chunk: Uint8Array) => {
    let register = crc
    for (let from = 0; from < chunk.length; from += INPUT_BYTES) {
      const piece = chunk.subarray(from, from + INPUT_BYTES)
      input.set(piece)
      register = BigInt.asUintN(64, update(register, INPUT, INPUT + piece.length))
    }
    return register
  }
}

/** Entry `256 * n + byte`: what a byte contributes to the register when `n` bytes follow it. */
function slices(polynomial: bigint) {
  const table = new BigUint64Array(SLICES * 256)
  for (let byte = 0; byte < 256; byte++) {
    let crc = BigInt(byte)
    for (let bit = 0; bit < 8; bit++) crc = crc & 1n ? (crc >> 1n) ^ polynomial : crc >> 1n
    table[byte] = crc
  }
  for (let entry = 256; entry < table.length; entry++) {
    const before = table[entry - 256] ?? 0n
    table[entry] = (before >> 8n) ^ (table[Number(before & 0xffn)] ?? 0n)
  }
  return table
}
