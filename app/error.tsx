"use client"

import { CalmPage } from "#components/calm-page.tsx"
import { DidNotWork } from "#components/did-not-work.tsx"

export default function ErrorPage(props: { error: unknown; retry: () => void }) {
  return (
    <CalmPage>
      <DidNotWork {...props} />
    </CalmPage>
  )
}
