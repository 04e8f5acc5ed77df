"use client"

import { createContext, type ReactNode, use, useState } from "react"
import type { AskedText } from "#components/calls/text-dialog.tsx"
import { onDemand } from "#components/ui/parts/on-demand.ts"
import { useShownPart } from "#components/ui/parts/part-loading.tsx"
import type { Deleting } from "./delete-files-dialog.tsx"
import type { ActedFile, FileAct } from "./file-dialogs.tsx"

/** The dialogs are loaded when the first one opens. */
const views = onDemand(() => import("./file-dialogs.tsx"))

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

const NONE: FileAct = {}

/** The dialogs of lists of files, one for all rows. */
export function FileActions({ children }: { children: ReactNode }) {
  const [act, setAct] = useState(NONE)
  const close = () => setAct(NONE)
  const { part, loading } = useShownPart(views, act !== NONE, close)
  return (
    <FileActionsContext
      value={{
        askText: (text) => setAct({ text }),
        remove: (deleting) => setAct({ deleting }),
        cutOff: (cuttingOff) => setAct({ cuttingOff }),
        showChecksum: (checksumOf) => setAct({ checksumOf }),
      }}
    >
      {children}
      {part ? <part.FileDialogs act={act} onClose={close} /> : loading}
    </FileActionsContext>
  )
}
