export type EntryRecord = {
  name: string
  modifiedAt: Date
  /** The offset of its local header. */
  at: number
  /** Whether its size and CRC-32 follow the content in a data descriptor. */
  streamed: boolean
  /** Whether its local header and descriptor have sizes of 64 bits. */
  isLarge: boolean
  size: number
  crc: number
}

const VERSION = { plain: 20, zip64: 45 }
const MADE_ON_UNIX = 3 << 8
const DESCRIPTOR_FOLLOWS = 1 << 3
const NAME_IS_UTF8 = 1 << 11
/** Unix file attributes, in the upper half: a regular file that its owner may write. */
const ATTRIBUTES = 0o100644 * 0x1_0000
const MAX_16 = 0xffff
const MAX_32 = 0xffff_ffff

/** The value of a 32-bit field: all ones if the real value is in the ZIP64 field. */
const or32 = (value: number, isIn64: boolean) => (isIn64 ? MAX_32 : value)

export function localHeader(entry: EntryRecord): Uint8Array<ArrayBuffer> {
  const { isLarge, streamed } = entry
  const name = new TextEncoder().encode(entry.name)
  // If a descriptor follows, this field determines its width (4.3.9.2).
  const extra = [
    ...(isLarge ? [zip64Field(streamed ? [0, 0] : [entry.size, entry.size])] : []),
    timeField(entry.modifiedAt),
  ]
  const fixed = record(30, (view) => {
    view.setUint32(0, 0x04034b50, true)
    setCommon(view, 4, entry, isLarge)
    view.setUint32(14, streamed ? 0 : entry.crc, true)
    const size = streamed ? 0 : entry.size
    view.setUint32(18, or32(size, isLarge), true)
    view.setUint32(22, or32(size, isLarge), true)
    view.setUint16(26, name.length, true)
    view.setUint16(28, lengthOf(extra), true)
  })
  return join([fixed, name, ...extra])
}

/** Writes the descriptor after a content whose CRC-32 was not known when its header was written. */
export function dataDescriptor({ crc, size, isLarge }: EntryRecord): Uint8Array<ArrayBuffer> {
  return record(isLarge ? 24 : 16, (view) => {
    view.setUint32(0, 0x08074b50, true)
    view.setUint32(4, crc, true)
    if (isLarge) {
      view.setBigUint64(8, BigInt(size), true)
      view.setBigUint64(16, BigInt(size), true)
    } else {
      view.setUint32(8, size, true)
      view.setUint32(12, size, true)
    }
  })
}

export function centralHeader(entry: EntryRecord, zip64From: number): Uint8Array<ArrayBuffer> {
  const isLarge = entry.size >= zip64From
  const isFar = entry.at >= zip64From
  const name = new TextEncoder().encode(entry.name)
  const large = [...(isLarge ? [entry.size, entry.size] : []), ...(isFar ? [entry.at] : [])]
  const extra = [...(large.length > 0 ? [zip64Field(large)] : []), timeField(entry.modifiedAt)]
  const fixed = record(46, (view) => {
    view.setUint32(0, 0x02014b50, true)
    view.setUint16(4, MADE_ON_UNIX | VERSION.zip64, true)
    setCommon(view, 6, entry, large.length > 0 || entry.isLarge)
    view.setUint32(16, entry.crc, true)
    view.setUint32(20, or32(entry.size, isLarge), true)
    view.setUint32(24, or32(entry.size, isLarge), true)
    view.setUint16(28, name.length, true)
    view.setUint16(30, lengthOf(extra), true)
    view.setUint32(38, ATTRIBUTES, true)
    view.setUint32(42, or32(entry.at, isFar), true)
  })
  return join([fixed, name, ...extra])
}

/** Writes the end of the archive. `start` and `end` are the offsets of the directory. */
export function endOfArchive(directory: {
  count: number
  start: number
  end: number
  zip64From: number
}): Uint8Array<ArrayBuffer> {
  const { count, start, end, zip64From } = directory
  const length = end - start
  const is64 = count >= MAX_16 || start >= zip64From || length >= zip64From
  const plain = record(22, (view) => {
    view.setUint32(0, 0x06054b50, true)
    view.setUint16(8, is64 ? MAX_16 : count, true)
    view.setUint16(10, is64 ? MAX_16 : count, true)
    view.setUint32(12, or32(length, is64), true)
    view.setUint32(16, or32(start, is64), true)
  })
  if (!is64) return plain
  const large = record(56, (view) => {
    view.setUint32(0, 0x06064b50, true)
    view.setBigUint64(4, 44n, true)
    view.setUint16(12, MADE_ON_UNIX | VERSION.zip64, true)
    view.setUint16(14, VERSION.zip64, true)
    view.setBigUint64(24, BigInt(count), true)
    view.setBigUint64(32, BigInt(count), true)
    view.setBigUint64(40, BigInt(length), true)
    view.setBigUint64(48, BigInt(start), true)
  })
  const locator = record(20, (view) => {
    view.setUint32(0, 0x07064b50, true)
    view.setBigUint64(8, BigInt(end), true)
    view.setUint32(16, 1, true)
  })
  return join([large, locator, plain])
}

/** Sets the fields that both headers have in one order: version needed, flags, method, time. */
function setCommon(view: DataView, at: number, entry: EntryRecord, is64: boolean) {
  view.setUint16(at, is64 ? VERSION.zip64 : VERSION.plain, true)
  view.setUint16(at + 2, NAME_IS_UTF8 | (entry.streamed ? DESCRIPTOR_FOLLOWS : 0), true)
  view.setUint16(at + 4, 0, true) // method: stored
  const { time, date } = dosTime(entry.modifiedAt)
  view.setUint16(at + 6, time, true)
  view.setUint16(at + 8, date, true)
}

/** Encodes the reader's local time in steps of two seconds, from 1980 on. */
function dosTime(at: Date) {
  const year = at.getFullYear()
  if (year < 1980) return { time: 0, date: (1 << 5) | 1 }
  if (year > 2107) return { time: 0xbf7d, date: 0xff9f }
  return {
    time: (at.getHours() << 11) | (at.getMinutes() << 5) | (at.getSeconds() >> 1),
    date: ((year - 1980) << 9) | ((at.getMonth() + 1) << 5) | at.getDate(),
  }
}

/** Encodes the modification time as an instant, in a field "UT" with no other times. */
function timeField(at: Date): Uint8Array<ArrayBuffer> {
  const seconds = Math.floor(at.getTime() / 1000)
  if (!(seconds >= 0 && seconds <= 0x7fff_ffff)) return new Uint8Array()
  return record(9, (view) => {
    view.setUint16(0, 0x5455, true)
    view.setUint16(2, 5, true)
    view.setUint8(4, 1)
    view.setUint32(5, seconds, true)
  })
}

function zip64Field(values: number[]): Uint8Array<ArrayBuffer> {
  return record(4 + 8 * values.length, (view) => {
    view.setUint16(0, 1, true)
    view.setUint16(2, 8 * values.length, true)
    for (const [index, value] of values.entries())
      view.setBigUint64(4 + 8 * index, BigInt(value), true)
  })
}

function record(length: number, fill: (view: DataView) => void): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length)
  fill(new DataView(bytes.buffer))
  return bytes
}

const lengthOf = (parts: Uint8Array[]) => parts.reduce((sum, { length }) => sum + length, 0)

function join(parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(lengthOf(parts))
  let at = 0
  for (const part of parts) {
    joined.set(part, at)
    at += part.length
  }
  return joined
}
