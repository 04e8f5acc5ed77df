"use client"

import { createContext, type ReactNode, use, useState } from "react"
import { type AskedText, TextDialog } from "#components/calls/text-dialog.tsx"
import { ChecksumDialog } from "#components/files/checksum-dialog.tsx"
import type { FileView } from "#lib/rooms/files/file.ts"
import { CutOffFileDialog } from "./cut-off-file-dialog.tsx"
import { DeleteFilesDialog, type Deleting } from "./delete-files-dialog.tsx"

/** The fields of a file that its dialogs need. */
export type ActedFile = Pick<FileView, "id" | "name" | "sha256" | "sha256Verified">

type Actions = {
  askText: (asked: AskedText) => void
  showChecksum: (file: ActedFile) => void
  cutOff: (file: ActedFile) => void
  remove: (deleting: Deleting) => void
}

const FileActionsContext = createContext<Actions | null>(null)

/** Opens the dialogs of the surrounding FileActions. */
export function useFileActions(): Actions {
  const actions = use(FileActionsContext)
  if (!actions) throw new Error("FileActions surrounds the lists of files.")
  return actions
}

/** The dialogs of lists of files, one for all rows. */
export function FileActions({ children }: { children: ReactNode }) {
  const [asked, askText] = useState<AskedText | null>(null)
  const [deleting, remove] = useState<Deleting | null>(null)
  const [cuttingOff, cutOff] = useState<ActedFile | null>(null)
  const [checksumOf, showChecksum] = useState<ActedFile | null>(null)
  return (
    <FileActionsContext value={{ askText, remove, cutOff, showChecksum }}>
      {children}
      <TextDialog asked={asked} onClose={() => askText(null)} />
      <DeleteFilesDialog deleting={deleting} onClose={() => remove(null)} />
      <CutOffFileDialog file={cuttingOff} onClose={() => cutOff(null)} />
      <ChecksumDialog file={checksumOf} onClose={() => showChecksum(null)} />
    </FileActionsContext>
  )
}
