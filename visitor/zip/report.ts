import type { ArchiveFile, ReportWords } from "./zip-job.ts"

export const REPORT_NAME = "LAPSE.txt"

/** A file of the archive, with the SHA-256 of the bytes written. */
export type Checksum = { path: string; sha256: string; file: ArchiveFile }

type Report = { words: ReportWords; missing: readonly string[]; checksums: readonly Checksum[] }

/**
 * The text of LAPSE.txt: the missing files, and the SHA-256 of the others, grouped by the hash that
 * they were compared with. The checksum lines have the format of `sha256sum`, so `sha256sum -c
 * LAPSE.txt` checks a folder.
 */
export function reportText({ words, missing, checksums }: Report): string {
  const of = (wanted: Compared) =>
    checksums
      .filter(({ file, sha256 }) => comparedWith(file, sha256) === wanted)
      .map(({ path, sha256 }) => `${sha256}  ${path}`)
  const sections = [
    words.head,
    section(
      words.missing,
      missing.map((path) => `- ${path}`),
    ),
    checksums.length > 0 ? [words.check] : [],
    section(words.verified, of("verified")),
    section(words.stated, of("stated")),
    section(words.differing, of("differing")),
    section(words.uncompared, of("nothing")),
  ]
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`
}

type Compared = "verified" | "stated" | "differing" | "nothing"

function comparedWith({ sha256, sha256Verified }: ArchiveFile, computed: string): Compared {
  if (sha256 === null) return "nothing"
  if (sha256 !== computed) return "differing"
  return sha256Verified ? "verified" : "stated"
}

const section = (title: string, lines: readonly string[]) =>
  lines.length > 0 ? [title, "", ...lines] : []
