import { answerAuth } from "#lib/web/sign-in/next-auth.ts"

export const GET = answerAuth
export const HEAD = answerAuth
export const POST = answerAuth
