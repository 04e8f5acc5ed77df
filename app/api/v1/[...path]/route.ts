import { CALLS } from "#lib/api/calls/all-calls.ts"
import { serve } from "#lib/api/serve.ts"

export const { GET, HEAD, POST, PATCH, DELETE } = serve(CALLS)
