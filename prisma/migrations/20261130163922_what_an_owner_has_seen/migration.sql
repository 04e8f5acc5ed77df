-- AlterTable
ALTER TABLE "delivery" ADD COLUMN     "seen_at" TIMESTAMPTZ NOT NULL DEFAULT statement_timestamp();

-- AlterTable
ALTER TABLE "file" ADD COLUMN     "held_at" TIMESTAMPTZ;
