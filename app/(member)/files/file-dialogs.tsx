"use client"

import { type AskedText, TextDialog } from "#components/calls/text-dialog.tsx"
import { ChecksumDialog } from "#components/files/checksum-dialog.tsx"
import type { FileView } from "#lib/rooms/files/file.ts"
import { CutOffFileDialog } from "./cut-off-file-dialog.tsx"
import { DeleteFilesDialog, type Deleting } from "./delete-files-dialog.tsx"

/** The fields of a file that its dialogs need. */
export type ActedFile = Pick<FileView, "id" | "name" | "sha256" | "sha256Verified">

/** What a dialog asks about; empty while none is open. */
export type FileAct = {
  text?: AskedText
  deleting?: Deleting
  cuttingOff?: ActedFile
  checksumOf?: ActedFile
}

/** The dialogs of lists of files. The one of `act` is open. */
export function FileDialogs({ act, onClose }: { act: FileAct; onClose: () => void }) {
  return (
    <>
      <TextDialog asked={act.text ?? null} onClose={onClose} />
      <DeleteFilesDialog deleting={act.deleting ?? null} onClose={onClose} />
      <CutOffFileDialog file={act.cuttingOff ?? null} onClose={onClose} />
      <ChecksumDialog file={act.checksumOf ?? null} onClose={onClose} />
    </>
  )
}
