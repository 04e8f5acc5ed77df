import fs from "node:fs"
import path from "node:path"
import { brotliCompressSync, constants, gzipSync } from "node:zlib"

/** Writes a Brotli and a gzip copy beside a file, at the highest compression. */
export function compressFile(file: string): void {
  const bytes = fs.readFileSync(file)
  const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } }
  fs.writeFileSync(`${file}.br`, brotliCompressSync(bytes, quality))
  fs.writeFileSync(`${file}.gz`, gzipSync(bytes, { level: 9 }))
}

/** Writes compressed copies beside every script and style below a folder. */
export function compressScripts(folder: string): void {
  for (const name of fs.readdirSync(folder, { recursive: true, encoding: "utf8" }))
    if (/\.(js|css)$/.test(name)) compressFile(path.join(folder, name))
}
