"use client"

import { useTranslations } from "next-intl"
import { useState } from "react"
import { RequestHeads, RequestRow } from "#components/requests/request-row.tsx"
import { MenuItem, MenuLink } from "#components/ui/overlays/menu.tsx"
import { TextLink } from "#components/ui/text-link.tsx"
import type { AdminRequestView } from "#lib/rooms/requests/request.ts"
import { RevokeRequest, useRestoreAsAdmin } from "./revoke-request.tsx"

/** The grid columns on a wide screen; without the owner's on a less wide one. */
const COLUMNS =
  "lg:grid-cols-[1.625rem_minmax(0,1fr)_13rem_9.5rem_2.5rem] lg:gap-x-4 " +
  "xl:grid-cols-[1.625rem_minmax(0,1fr)_9rem_15rem_12rem_2.5rem]"

type AdminRequestListProps = { requests: AdminRequestView[]; now: string; readOnly: boolean }

/** The requests of all members. */
export function AdminRequestList({ requests, now, readOnly }: AdminRequestListProps) {
  const t = useTranslations("admin")
  const restore = useRestoreAsAdmin()
  const [revoking, setRevoking] = useState<AdminRequestView | null>(null)
  const [open, setOpen] = useState(false)
  return (
    <>
      <RequestHeads columns={COLUMNS} owner={t("shares.owner")} />
      <ul aria-label={t("requests.heading")} className="max-lg:mt-3">
        {requests.map((request) => {
          const { id, owner, revokedBy, revokeReason, status } = request
          const link = (
            <TextLink
              href={`/admin/requests?ownerId=${owner.id}`}
              title={owner.email}
              className="relative z-10"
            >
              {owner.name}
            </TextLink>
          )
          return (
            <RequestRow
              key={id}
              request={request}
              href={`/admin/requests/${id}`}
              columns={COLUMNS}
              now={now}
              owner={<div className="truncate text-soft max-xl:hidden">{link}</div>}
              below={
                <div className="text-sm text-soft">
                  <div className="xl:hidden">{link}</div>
                  {revokeReason && <div>{t("shares.because", { reason: revokeReason })}</div>}
                </div>
              }
              menu={
                <>
                  {!readOnly && !revokedBy?.admin && (
                    <MenuItem
                      tone="danger"
                      onClick={() => {
                        setRevoking(request)
                        setOpen(true)
                      }}
                    >
                      {t("shares.revokeAsk")}
                    </MenuItem>
                  )}
                  <MenuLink href={`/admin/requests/${id}`}>{t("shares.look")}</MenuLink>
                  {!readOnly && status === "revoked" && (
                    <MenuItem onClick={() => restore(id)}>{t("shares.restore")}</MenuItem>
                  )}
                </>
              }
            />
          )
        })}
      </ul>
      {revoking && <RevokeRequest request={revoking} open={open} onClose={() => setOpen(false)} />}
    </>
  )
}
