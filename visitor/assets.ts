/** Where browsers find what the build made for them. */
export const ASSETS_PATH = "/assets/"

/** Addresses of what the build made for browsers; each has a hash of its content in its name. */
export type Assets = {
  stylesheet: string
  /** The typeface's Latin part, which every page needs. */
  font: string
  scripts: Record<"visit" | "times", { src: string; imports: string[] }>
  /** Only in development: reloads the page after a rebuild. */
  reload?: string
}
