"use client"

import { api } from "#components/api.ts"
import { useChange } from "#components/calls/use-call.ts"
import { Button } from "#components/ui/button.tsx"

// The page passes the text, because the browser has no messages of the checks.
type CheckButtonProps = { words: { run: string; hint: string } }

export function CheckButton({ words }: CheckButtonProps) {
  const { run, pending, refused } = useChange()
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
      <Button pending={pending} onClick={() => run(api.admin.checkStorage)}>
        {words.run}
      </Button>
      {refused ? (
        <p role="alert" className="text-sm text-danger">
          {refused.message}
        </p>
      ) : (
        <p className="text-sm text-soft">{words.hint}</p>
      )}
    </div>
  )
}
