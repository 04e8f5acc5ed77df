"use client"

import type { ReactNode } from "react"
import { UploadRows } from "#components/upload/upload-rows.tsx"
import { UploadTotalsBar } from "#components/upload/upload-totals-bar.tsx"
import type { Upload } from "#packages/uploader/upload.ts"

export type UploadCardProps = {
  uploads: readonly Upload[]
  onCancel: (upload: Upload) => void
  onCancelAll: (uploads: readonly Upload[]) => void
  head?: ReactNode
  foot: ReactNode
}

/** Uploads that belong together, with their total progress. */
export function UploadCard({ uploads, onCancel, onCancelAll, head, foot }: UploadCardProps) {
  return (
    <div className="rounded-[14px] bg-raised px-5 py-2 inset-ring inset-ring-line">
      {head}
      {uploads.length > 1 && (
        <UploadTotalsBar uploads={uploads} onCancelAll={() => onCancelAll(uploads)} />
      )}
      <UploadRows uploads={uploads} onCancel={onCancel} />
      {foot}
    </div>
  )
}
