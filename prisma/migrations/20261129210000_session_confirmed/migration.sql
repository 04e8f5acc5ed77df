-- AlterTable
ALTER TABLE "session" ADD COLUMN "confirmed_at" TIMESTAMPTZ NOT NULL DEFAULT statement_timestamp();
