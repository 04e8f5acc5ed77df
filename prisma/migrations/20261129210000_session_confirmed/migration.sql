-- AlterTable
ALTER TABLE "session" ADD COLUMN "confirmed_at" TIMESTAMPTZ NOT NULL DEFAULT statement_timestamp();
-- A session from before counts as confirmed since its sign-in.
UPDATE "session" SET "confirmed_at" = "created_at";
