"use client"

import { useTranslations } from "next-intl"
import { useState } from "react"
import { Button } from "#components/ui/button.tsx"
import type { TeamView } from "#lib/rooms/accounts/teams/team.ts"
import { type Counts, DeleteDialog } from "../../members/[id]/delete-dialog.tsx"

/** Deletes a team, whose files and shares end or get another owner. */
export function TeamEnd({ team, counts }: { team: TeamView; counts: Counts }) {
  const t = useTranslations("admin.teams")
  const [asks, setAsks] = useState(false)
  return (
    <>
      <Button variant="quiet" className="text-danger!" onClick={() => setAsks(true)}>
        {t("delete")}
      </Button>
      <DeleteDialog
        of="teams"
        member={team}
        counts={counts}
        open={asks}
        onClose={() => setAsks(false)}
      />
    </>
  )
}
