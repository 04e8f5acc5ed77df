"use client"

import { ErrorMessage } from "#components/error-message.tsx"
import { MessagePage } from "#components/message-page.tsx"

export default function ErrorPage(props: { error: unknown; retry: () => void }) {
  return (
    <MessagePage>
      <ErrorMessage {...props} />
    </MessagePage>
  )
}
