-- AlterTable
ALTER TABLE "file" ADD COLUMN "replaces_id" UUID;

-- CreateIndex
CREATE INDEX "file_replaces_idx" ON "file"("replaces_id") WHERE (replaces_id IS NOT NULL);
