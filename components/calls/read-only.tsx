"use client"

import { createContext, type ReactNode, useContext } from "react"

const ReadOnlyContext = createContext(false)

/** Whether the reader of a form may not change what it shows. */
export const useReadOnly = () => useContext(ReadOnlyContext)

/** Shows the values of forms, disabled and without their buttons, unless the reader may change them. */
export function ReadOnly({ unless, children }: { unless: boolean; children: ReactNode }) {
  if (unless) return children
  return (
    <ReadOnlyContext value={true}>
      <fieldset disabled className="contents [&_button]:hidden">
        {children}
      </fieldset>
    </ReadOnlyContext>
  )
}
