"use client"

import { ErrorMessage } from "#components/pages/error-message.tsx"

/** Shown inside the shell, so that the navigation stays. */
export default function ErrorPage(props: { error: unknown; retry: () => void }) {
  return (
    <div className="py-10">
      <ErrorMessage {...props} />
    </div>
  )
}
