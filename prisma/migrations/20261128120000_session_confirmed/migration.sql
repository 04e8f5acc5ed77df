-- AlterTable
ALTER TABLE "session" ADD COLUMN IF NOT EXISTS "confirmed_at" TIMESTAMPTZ NOT NULL DEFAULT statement_timestamp();
