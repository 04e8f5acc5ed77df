/** How a file is shown before, or instead of, its download. */
export type PreviewKind = "image" | "pdf" | "video" | "audio" | "text" | "markdown" | "code" | "csv"

export type Preview = {
  kind: PreviewKind
  /** The type under which the store serves the file, whatever its sender stated. */
  contentType: string
}

type Kind = Preview & {
  /** Extensions, and names without one, such as "Makefile"; all in lower case. */
  extensions: string[]
  /** The content types that senders state. They count if the extension is not known. */
  stated: string[]
}

const media = (
  kind: PreviewKind,
  contentType: string,
  extensions: string[],
  stated = [contentType],
): Kind => ({ kind, contentType, extensions, stated })

/** Browsers show this type as text, and never as a document with scripts. */
const PLAIN = "text/plain; charset=utf-8"

const source = (kind: PreviewKind, extensions: string, stated: string[]): Kind => ({
  kind,
  contentType: PLAIN,
  extensions: extensions.split(" "),
  stated,
})

/**
 * The only kinds that are shown. Other files can only be downloaded, because browsers do not show
 * them or because they can run scripts. HTML, SVG and XML are shown as source.
 */
const KINDS: Kind[] = [
  media("image", "image/png", ["png"], ["image/png", "image/apng"]),
  media("image", "image/jpeg", ["jpg", "jpeg", "jfif"], ["image/jpeg", "image/jpg"]),
  media("image", "image/gif", ["gif"]),
  media("image", "image/webp", ["webp"]),
  media("image", "image/avif", ["avif"]),
  media("image", "image/bmp", ["bmp"], ["image/bmp", "image/x-ms-bmp"]),
  media("image", "image/x-icon", ["ico"], ["image/x-icon", "image/vnd.microsoft.icon"]),
  media("pdf", "application/pdf", ["pdf"]),
  // Browsers play QuickTime as MP4, which derives from it.
  media(
    "video",
    "video/mp4",
    ["mp4", "m4v", "mov"],
    ["video/mp4", "video/x-m4v", "video/quicktime"],
  ),
  media("video", "video/webm", ["webm"]),
  media("video", "video/ogg", ["ogv"]),
  media("audio", "audio/mpeg", ["mp3"], ["audio/mpeg", "audio/mp3"]),
  media("audio", "audio/mp4", ["m4a"], ["audio/mp4", "audio/x-m4a"]),
  media("audio", "audio/aac", ["aac"]),
  media("audio", "audio/ogg", ["ogg", "oga", "opus"], ["audio/ogg", "audio/opus"]),
  media("audio", "audio/wav", ["wav"], ["audio/wav", "audio/x-wav", "audio/wave"]),
  media("audio", "audio/flac", ["flac"], ["audio/flac", "audio/x-flac"]),
  media("audio", "audio/webm", ["weba"]),
  source("markdown", "md markdown", ["text/markdown", "text/x-markdown"]),
  source("csv", "csv tsv", ["text/csv", "text/tab-separated-values"]),
  source("text", "txt text log nfo srt vtt readme license changelog", ["text/plain"]),
  source(
    "code",
    "json jsonl ndjson json5 geojson webmanifest js mjs cjs jsx ts mts cts tsx vue svelte css scss sass less " +
      "html htm xhtml svg xml xsl xslt rss atom plist py rb rs go java kt kts scala c h cc cpp hpp cs m swift php pl pm lua " +
      "r jl hs erl ex exs clj dart zig nim sh bash zsh fish ps1 bat cmd sql graphql proto tf hcl nix " +
      "yaml yml toml ini cfg conf properties env editorconfig gitignore gitattributes dockerfile makefile " +
      "cmake gradle diff patch tex bib",
    [
      "application/json",
      "application/ld+json",
      "application/javascript",
      "application/typescript",
      "application/x-sh",
      "application/sql",
      "application/yaml",
      "application/x-yaml",
      "application/toml",
    ],
  ),
]

/** Every known extension, in lower case. */
export const EXTENSIONS = KINDS.flatMap(({ extensions }) => extensions)
export const STATED_TYPES = KINDS.flatMap(({ stated }) => stated)

const byExtension = new Map(
  KINDS.flatMap((kind) => kind.extensions.map((extension) => [extension, kind] as const)),
)
const byType = new Map(KINDS.flatMap((kind) => kind.stated.map((type) => [type, kind] as const)))

const CODE: Preview = { kind: "code", contentType: PLAIN }

/** The types of HTML, SVG and XML documents, which can run scripts. */
export const ACTIVE = /\/(html|xml|xsl)$|\+xml$/
/** The types of program sources, such as text/x-python. */
export const SOURCE_TYPE = /^text\/x-/

/**
 * Returns how a file can be shown, by the extension of its name or, if that is unknown, by the
 * content type that its sender stated; null if it has no safe preview. A file is shown as source if
 * its name or its type says that it is HTML, SVG or XML.
 */
export function previewOf(name: string, statedType: string): Preview | null {
  const extension = name.slice(name.lastIndexOf(".") + 1).toLowerCase()
  const type = statedType.split(";")[0]?.trim().toLowerCase() ?? ""
  if (ACTIVE.test(type)) return CODE
  const named = byExtension.get(extension)
  const stated = byType.get(type) ?? (SOURCE_TYPE.test(type) ? CODE : undefined)
  const found = named && stated && sharesContainer(named, stated) ? stated : (named ?? stated)
  return found ? { kind: found.kind, contentType: found.contentType } : null
}

/** Whether both are video or audio: they share containers, so the declared type decides. */
const sharesContainer = (named: Preview, stated: Preview) =>
  isPlayed(named.kind) && isPlayed(stated.kind)

const isPlayed = (kind: PreviewKind) => kind === "audio" || kind === "video"
