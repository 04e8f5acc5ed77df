import { z } from "zod"

/** S3's limit for one PUT. */
export const MAX_SINGLE_PUT_BYTES = 5 * 1024 ** 3

// Control and bidi characters could make a name look like another one; slashes belong to paths.
const unsafe = /[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069/\\]/gu

export const FileName = z
  .string()
  .transform((name) => name.toWellFormed().normalize("NFC").replace(unsafe, "").trim())
  .pipe(
    z
      .string()
      .min(1, "A file needs a name.")
      .refine((name) => name !== "." && name !== "..", "That is not a file name.")
      .refine((name) => new TextEncoder().encode(name).length <= 255, "Use a shorter file name."),
  )

// It is signed and sent as a header, so nothing but printable ASCII.
export const ContentType = z
  .string()
  .trim()
  .max(127)
  .regex(/^[\w.+-]+\/[\w.+-]+(;[\x20-\x7e]*)?$/)
  .catch("application/octet-stream")

export const FileInput = z.object({
  name: FileName,
  size: z.number().int().min(0),
  contentType: ContentType.default("application/octet-stream"),
})
export type FileInput = z.infer<typeof FileInput>

export const FileEdit = z.object({ name: FileName })
export type FileEdit = z.infer<typeof FileEdit>

/** Parts of a multipart upload to sign PUTs for, a small batch at a time. */
export const PartsInput = z.object({
  partNumbers: z.array(z.number().int().min(1).max(10_000)).min(1).max(100),
})
export type PartsInput = z.infer<typeof PartsInput>

/** A file as the API shows it. Sizes are bytes, times ISO 8601 UTC. */
export type FileView = {
  id: string
  name: string
  size: number
  contentType: string
  status: "uploading" | "ready"
  createdAt: string
}

/** How the browser brings the bytes to the store. */
export type UploadView =
  | { method: "put"; url: string; headers: Record<string, string> }
  | { method: "multipart"; partSize: number; partCount: number }
