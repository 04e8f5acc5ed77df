"use client"

import { ErrorMessage } from "#components/pages/error-message.tsx"
import { MessagePage } from "#components/pages/message-page.tsx"

export default function ErrorPage(props: { error: unknown; retry: () => void }) {
  return (
    <MessagePage>
      <ErrorMessage {...props} />
    </MessagePage>
  )
}
