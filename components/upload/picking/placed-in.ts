import type { UploadSource } from "#packages/uploader/upload.ts"

/** The files below a folder; "" is the outermost. */
export const placedIn = (folder: string, sources: readonly UploadSource[]): UploadSource[] =>
  sources.map((source) => ({
    ...source,
    path: [folder, source.path].filter(Boolean).join("/"),
  }))
