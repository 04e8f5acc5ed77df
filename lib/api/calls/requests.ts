import "server-only"
import { z } from "zod"
import { ListQuery } from "#lib/adapters/database/list-query.ts"
import { call, download } from "#lib/api/call.ts"
import { EventView } from "#lib/rooms/activity/event.ts"
import { listEvents } from "#lib/rooms/activity/list-events.ts"
import { createRequest } from "#lib/rooms/requests/create-request.ts"
import { editRequest } from "#lib/rooms/requests/edit-request.ts"
import { endUploadsOf } from "#lib/rooms/requests/end-deliveries.ts"
import {
  deleteRequest,
  newRequestLink,
  restoreRequest,
  revokeRequest,
} from "#lib/rooms/requests/end-request.ts"
import { eraseDelivery } from "#lib/rooms/requests/erase-deliveries.ts"
import { deliveriesCsv, listDeliveries } from "#lib/rooms/requests/list-deliveries.ts"
import {
  listAllRequests,
  listRequests,
  requireAnyRequest,
  requireRequest,
} from "#lib/rooms/requests/read-requests.ts"
import {
  AdminRequestView,
  AllRequestsQuery,
  DeliveriesQuery,
  DeliveryView,
  NewLinkInput,
  RequestDeletion,
  RequestEdit,
  RequestInput,
  RequestListQuery,
  RequestView,
  SeenDeliveries,
  SlugQuery,
} from "#lib/rooms/requests/request.ts"
import { isSlugFree } from "#lib/rooms/requests/request-slug.ts"
import { seeDeliveries } from "#lib/rooms/requests/see-deliveries.ts"
import { clientAddress } from "#lib/web/read-client-address.ts"
import { listOf, pageOf } from "./answers.ts"

export const REQUEST_CALLS = [
  call("GET /requests", {
    does: "Lists the caller's requests for files, newest first.",
    by: "member",
    query: RequestListQuery,
    gives: pageOf(RequestView),
    run: ({ member, query }) => listRequests(member.owner, query),
  }),
  call("POST /requests", {
    does: "Asks people outside for files.",
    by: "member",
    body: RequestInput,
    gives: RequestView,
    creates: { again: ({ member, ids: [id = ""] }) => requireRequest(member.owner, id) },
    run: ({ member, body, ids: [id] }) => createRequest(member, body, id),
  }),
  call("GET /requests/slug", {
    does: "Says whether a request could have this chosen address now.",
    by: "member",
    query: SlugQuery,
    gives: z.strictObject({ free: z.boolean() }),
    run: async ({ member, query: { slug, requestId = null }, request: { headers } }) => ({
      free: await isSlugFree(member.owner, { slug, requestId, address: clientAddress(headers) }),
    }),
  }),
  call("GET /requests/{id}", {
    does: "Reads a request.",
    by: "member",
    cheap: "reads one row, which has its numbers",
    gives: RequestView,
    run: ({ member, params }) => requireRequest(member.owner, params.id),
  }),
  call("PATCH /requests/{id}", {
    does: "Edits a request.",
    by: "member",
    body: RequestEdit,
    gives: RequestView,
    run: ({ member, params, body }) => editRequest(member, params.id, body),
  }),
  call("DELETE /requests/{id}", {
    does: "Deletes a request and what its senders wrote about themselves; files are kept, or deleted one by one.",
    by: "member",
    body: RequestDeletion,
    bodyOptional: true,
    gives: z.void(),
    run: ({ member, params, body }) => deleteRequest(member.owner, params.id, body),
  }),
  call("POST /requests/{id}/revoke", {
    does: "Revokes a request, and ends the uploads of its senders.",
    by: "member",
    gives: RequestView,
    run: ({ member, params }) => revokeRequest(member.owner, params.id),
  }),
  call("POST /requests/{id}/restore", {
    does: "Restores a request that its owner revoked.",
    by: "member",
    gives: RequestView,
    run: ({ member, params }) => restoreRequest(member, params.id),
  }),
  call("POST /requests/{id}/new-link", {
    does: "Replaces the address of a request, and its chosen address unless that is kept.",
    by: "member",
    body: NewLinkInput,
    bodyOptional: true,
    gives: RequestView,
    run: ({ member, params, body }) => newRequestLink(member, params.id, body),
  }),
  call("POST /requests/{id}/seen", {
    does: "Says until when the owner has seen what came in by some deliveries; what arrives later is new.",
    by: "member",
    body: SeenDeliveries,
    gives: z.void(),
    run: ({ member, params, body }) => seeDeliveries(member.owner, params.id, body),
  }),
  call("GET /requests/{id}/events", {
    does: "Lists what happened on the link of a request, newest first.",
    by: "member",
    query: ListQuery.omit({ q: true }),
    gives: listOf(EventView),
    run: async ({ member, params, query }) => {
      const { id } = await requireRequest(member.owner, params.id)
      return listEvents(member.owner, id, { ...query, kind: "request" })
    },
  }),
  call("GET /requests/{id}/deliveries", {
    does: "Lists what came in, by sender, newest first; with `deliveryId`, the files of one delivery.",
    by: "member",
    query: DeliveriesQuery,
    gives: listOf(DeliveryView).extend({ prevCursor: z.string().nullable() }),
    run: ({ member, params, query }) => listDeliveries(member.owner, params.id, query),
  }),
  call("GET /requests/{id}/deliveries.csv", {
    does: "Returns the senders and their answers.",
    by: "member",
    cost: "dear",
    gives: download("text/csv; charset=utf-8; header=present"),
    run: async ({ member, params }) => ({
      name: "deliveries.csv",
      body: await deliveriesCsv(member.owner, params.id),
    }),
  }),
  call("POST /deliveries/{id}/end-uploads", {
    does: "Ends what a sender has not sent completely, and makes room of it.",
    by: "member",
    scope: "requests:write",
    gives: z.void(),
    run: ({ member, params }) => endUploadsOf(member.owner, params.id),
  }),
  call("POST /deliveries/{id}/erase", {
    does: "Erases what a sender wrote; the files are kept, or deleted one by one.",
    by: "member",
    scope: "requests:write",
    cost: "dear",
    body: RequestDeletion,
    bodyOptional: true,
    gives: z.void(),
    run: ({ member, params, body }) => eraseDelivery(member.owner, params.id, body),
  }),
  call("GET /admin/requests", {
    does: "Lists every member's requests; the calls that revoke and restore shares take their ids.",
    by: "auditor",
    query: AllRequestsQuery,
    gives: pageOf(AdminRequestView),
    run: ({ member, query }) => listAllRequests(member, query),
  }),
  call("GET /admin/requests/{id}", {
    does: "Reads a request of any member.",
    by: "auditor",
    gives: AdminRequestView,
    run: ({ member, params }) => requireAnyRequest(member, params.id),
  }),
] as const
