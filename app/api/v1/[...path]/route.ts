import { CALLS } from "#lib/web/api/calls/all-calls.ts"
import { serve } from "#lib/web/api/serve.ts"

export const { GET, HEAD, POST, PATCH, DELETE } = serve(CALLS)
