import { describe, expect, it } from "vitest"
import { pictureSize } from "./picture-size.ts"

const bytes = (...parts: (string | number[])[]) =>
  Buffer.concat(parts.map((part) => Buffer.from(part as string, "latin1")))
const webp = (...parts: (string | number[])[]) => bytes("RIFF", [0, 0, 0, 0], "WEBP", ...parts)

describe("the pixels of a picture", () => {
  it.each([
    ["lossy WebP", webp("VP8 ", [9, 0, 0, 0, 0, 0, 0, 0x9d, 1, 0x2a, 0, 1, 171, 0]), [256, 171]],
    ["lossless WebP", webp("VP8L", [9, 0, 0, 0, 0x2f, 0xff, 0xff, 0xff, 0x0f]), [16_384, 16_384]],
    ["extended WebP", webp("VP8X", [10, 0, 0, 0, 0, 0, 0, 0, 255, 0, 1, 170, 0, 0]), [65_792, 171]],
    [
      "JPEG",
      bytes([0xff, 0xd8, 0xff, 0xe0, 0, 4, 1, 2, 0xff, 0xff, 0xc2, 0, 17, 8, 1, 0, 0, 171]),
      [171, 256],
    ],
  ])("of %s are read of its header", (_kind, picture, [width, height]) => {
    expect(pictureSize(picture)).toEqual({ width, height })
    for (let length = 0; length < picture.length; length += 1)
      expect(pictureSize(picture.subarray(0, length))).toBeNull()
  })

  it.each([
    ["a PNG", bytes([0x89], "PNG\r\n\x1a\n", [0, 0, 0, 13], "IHDR", [0, 0, 0, 1, 0, 0, 0, 1])],
    ["text", bytes("a text of more bytes than a header of a picture has")],
    ["a JPEG without a frame", bytes([0xff, 0xd8, 0xff, 0xd9, 0, 2, 0])],
    ["another RIFF", bytes("RIFF", [0, 0, 0, 0], "WAVEfmt ", [0, 0, 0, 0, 0, 0, 0, 0])],
  ])("of %s are not known", (_kind, picture) => {
    expect(pictureSize(picture)).toBeNull()
  })
})
