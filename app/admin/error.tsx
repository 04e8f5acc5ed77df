"use client"

import { DidNotWork } from "#components/did-not-work.tsx"

/** Inside the shell: the way elsewhere stays. */
export default function ErrorPage(props: { error: unknown; retry: () => void }) {
  return (
    <div className="py-10">
      <DidNotWork {...props} />
    </div>
  )
}
