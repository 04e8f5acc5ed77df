import { expect, test } from "vitest"
import { formatBytes } from "./format-bytes.ts"

test.each([
  [0, "0 bytes"],
  [1, "1 byte"],
  [999, "999 bytes"],
  [1000, "1 kB"],
  [18_400_000, "18.4 MB"],
  [96_000_000, "96 MB"],
  [999_600, "1 MB"],
  [210_400_000, "210 MB"],
  [4_200_000_000, "4.2 GB"],
  [5 * 1024 ** 4, "5.5 TB"],
])("%d bytes are formatted as %s", (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text)
})
