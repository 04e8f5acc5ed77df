const POLYNOMIAL = 0xedb88320
const SLICES = 8

/** The lookup table: from k * 256 on, the remainders of each byte followed by k zero bytes. */
const table = makeTable()

function makeTable() {
  const made = new Uint32Array(SLICES * 256)
  for (let byte = 0; byte < 256; byte++) {
    let value = byte
    for (let bit = 0; bit < 8; bit++) value = (value >>> 1) ^ (value & 1 ? POLYNOMIAL : 0)
    made[byte] = value
  }
  for (let at = 256; at < made.length; at++) {
    const before = made[at - 256] ?? 0
    made[at] = (before >>> 8) ^ (made[before & 0xff] ?? 0)
  }
  return made
}

/** Computes the CRC-32 of these bytes, continuing from the CRC-32 of the preceding bytes. */
export function crc32(bytes: Uint8Array, before = 0): number {
  const t = (index: number) => table[index] ?? 0
  const b = (index: number) => bytes[index] ?? 0
  let crc = ~before
  let at = 0
  for (const end = bytes.length - SLICES; at <= end; at += SLICES) {
    crc ^= b(at) | (b(at + 1) << 8) | (b(at + 2) << 16) | (b(at + 3) << 24)
    crc =
      t(1792 + (crc & 0xff)) ^
      t(1536 + ((crc >>> 8) & 0xff)) ^
      t(1280 + ((crc >>> 16) & 0xff)) ^
      t(1024 + (crc >>> 24)) ^
      t(768 + b(at + 4)) ^
      t(512 + b(at + 5)) ^
      t(256 + b(at + 6)) ^
      t(b(at + 7))
  }
  for (; at < bytes.length; at++) crc = (crc >>> 8) ^ t((crc ^ b(at)) & 0xff)
  return ~crc >>> 0
}
