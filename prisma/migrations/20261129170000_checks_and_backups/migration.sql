-- CreateEnum
CREATE TYPE "backup_kind" AS ENUM ('manual', 'scheduled');

-- AlterTable
ALTER TABLE "installation" ADD COLUMN     "checks_found" JSONB,
ADD COLUMN     "checks_running_until" TIMESTAMPTZ,
ADD COLUMN     "data_version" TEXT;

-- CreateTable
CREATE TABLE "backup" (
    "id" UUID NOT NULL,
    "kind" "backup_kind" NOT NULL,
    "directory" TEXT NOT NULL,
    "at" TIMESTAMPTZ NOT NULL,
    "bytes" BIGINT,
    "error" TEXT,
    "tried_at" TIMESTAMPTZ,
    "try_error" TEXT,

    CONSTRAINT "backup_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "backup_at_idx" ON "backup"("at");
