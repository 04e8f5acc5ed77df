import { answerAuth } from "#lib/web/next-auth.ts"

export const GET = answerAuth
export const HEAD = answerAuth
export const POST = answerAuth
