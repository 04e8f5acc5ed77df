"use client"

import { DidNotWork } from "#components/did-not-work.tsx"
import { MessagePage } from "#components/message-page.tsx"

export default function ErrorPage(props: { error: unknown; retry: () => void }) {
  return (
    <MessagePage>
      <DidNotWork {...props} />
    </MessagePage>
  )
}
