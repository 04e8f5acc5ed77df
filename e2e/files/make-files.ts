import fs from "node:fs"
import path from "node:path"
import { deflateSync } from "node:zlib"

/** The bytes of a file in e2e/fixtures. */
export const fixture = (name: string) =>
  fs.readFileSync(path.join(import.meta.dirname, "../fixtures", name))

/** A PNG with stripes in two colours. */
export function png(width: number, height: number, colours = [0x2f6f8f, 0xf2e9dc]): Buffer {
  const rows: Buffer[] = []
  for (let y = 0; y < height; y += 1) {
    const row = Buffer.alloc(1 + width * 3)
    for (let x = 0; x < width; x += 1) {
      const isStripe = Math.floor((x + y) / Math.max(1, width / 8)) % 2 === 0
      row.writeUIntBE((isStripe ? colours[0] : colours[1]) ?? 0, 1 + x * 3, 3)
    }
    rows.push(row)
  }
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width, 0)
  head.writeUInt32BE(height, 4)
  head.set([8, 2, 0, 0, 0], 8)
  return Buffer.concat([
    Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
    chunk("IHDR", head),
    chunk("IDAT", deflateSync(Buffer.concat(rows))),
    chunk("IEND", Buffer.alloc(0)),
  ])
}

/** A black PNG with one bit per pixel, which stays small at any size. */
export function blackPng(width: number, height: number): Buffer {
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width, 0)
  head.writeUInt32BE(height, 4)
  head.set([1, 0, 0, 0, 0], 8)
  return Buffer.concat([
    Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
    chunk("IHDR", head),
    chunk("IDAT", deflateSync(Buffer.alloc((1 + Math.ceil(width / 8)) * height))),
    chunk("IEND", Buffer.alloc(0)),
  ])
}

function chunk(type: string, data: Buffer) {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data])
  const framed = Buffer.alloc(body.length + 8)
  framed.writeUInt32BE(data.length, 0)
  framed.set(body, 4)
  framed.writeUInt32BE(crc32(body), body.length + 4)
  return framed
}

function crc32(bytes: Buffer) {
  let crc = 0xffffffff
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0)
  }
  return (crc ^ 0xffffffff) >>> 0
}

/**
 * A JPEG of 128 × 96 pixels, red on the left, with EXIF data that rotates it by a quarter, so that
 * red is at the top.
 */
export function turnedJpeg(): Buffer {
  const flat = fixture("flat.jpg")
  const tiff = Buffer.from(
    "4d4d002a00000008" + "0001" + "0112" + "0003" + "00000001" + "00060000" + "00000000",
    "hex",
  )
  const exif = Buffer.concat([Buffer.from("Exif\0\0", "latin1"), tiff])
  const marker = Buffer.from([0xff, 0xe1, 0, exif.length + 2])
  return Buffer.concat([flat.subarray(0, 2), marker, exif, flat.subarray(2)])
}

/** A sound of this many seconds: 16 bit, stereo, 44.1 kHz, so ten seconds are 1.7 MB. */
export function wav(seconds: number): Buffer {
  const rate = 44_100
  const data = Buffer.alloc(seconds * rate * 4)
  for (let at = 0; at < data.length; at += 4) {
    const level = Math.round(Math.sin(at / 60) * 2_000)
    data.writeInt16LE(level, at)
    data.writeInt16LE(level, at + 2)
  }
  const head = Buffer.alloc(44)
  head.write("RIFF", 0)
  head.writeUInt32LE(36 + data.length, 4)
  head.write("WAVEfmt ", 8)
  head.writeUInt32LE(16, 16)
  head.writeUInt16LE(1, 20)
  head.writeUInt16LE(2, 22)
  head.writeUInt32LE(rate, 24)
  head.writeUInt32LE(rate * 4, 28)
  head.writeUInt16LE(4, 32)
  head.writeUInt16LE(16, 34)
  head.write("data", 36)
  head.writeUInt32LE(data.length, 40)
  return Buffer.concat([head, data])
}

/**
 * The video of e2e/fixtures with this many zero bytes before its second half, so that no player has
 * read all of it at once. Its tables are at the start (`-movflags +faststart`).
 */
export function spreadFilm(bytes: number): Buffer {
  const film = fixture("film.mp4")
  const data = film.indexOf("mdat") - 4
  const tables = Buffer.from(film.subarray(0, data))
  const chunks = offsetsIn(tables)
  const places = chunks.map((at) => tables.readUInt32BE(at)).toSorted((a, b) => a - b)
  const middle = places[Math.floor(places.length / 2)] ?? 0
  for (const at of chunks) {
    const offset = tables.readUInt32BE(at)
    if (offset >= middle) tables.writeUInt32BE(offset + bytes, at)
  }
  const size = Buffer.alloc(4)
  size.writeUInt32BE(film.readUInt32BE(data) + bytes)
  return Buffer.concat([
    tables,
    size,
    film.subarray(data + 4, middle),
    Buffer.alloc(bytes),
    film.subarray(middle),
  ])
}

/** The offsets of the chunk positions in the tables ("stco": version, count, then 4 bytes each). */
function offsetsIn(tables: Buffer): number[] {
  const found: number[] = []
  for (let at = tables.indexOf("stco"); at >= 0; at = tables.indexOf("stco", at + 4)) {
    const count = tables.readUInt32BE(at + 8)
    for (let nth = 0; nth < count; nth += 1) found.push(at + 12 + nth * 4)
  }
  return found
}
