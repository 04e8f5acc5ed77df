"use client"

import { askBy } from "#lib/api/ask-by.ts"
import { callApi } from "./api-call.ts"

/** Makes a call of members' and admins' pages; the caller refreshes the page. Throws ApiError. */
export const ask = askBy(callApi)
