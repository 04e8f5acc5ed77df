import type { ReactNode } from "react"
export const LinkedText = ({ text }: { text: string }): ReactNode => text
