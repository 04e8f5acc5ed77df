/** The path of the files that the build makes for browsers. */
export const ASSETS_PATH = "/assets/"

/** URLs of those files. Each name has a hash of the content. */
export type Assets = {
  stylesheet: string
  /** What islands/preview/ loads: its styles, and a worker that parses texts. */
  viewer: { styles: string; parser: string }
  /** The typeface's Latin part, which every page needs. */
  font: string
  scripts: Record<"visit" | "closed", { src: string; imports: string[] }>
  /** The worker that makes a ZIP of many files. */
  zipWorker: string
  /** The worker that writes a download into a file. */
  downloadWorker: string
  /** The messages that scripts load on demand, by locale. */
  words: Record<string, string>
  /** Only in development: reloads the page after a rebuild. */
  reload?: string
}
