-- AlterTable
ALTER TABLE "share_file" ADD COLUMN     "added_at" TIMESTAMPTZ,
ADD COLUMN     "removed_at" TIMESTAMPTZ;

-- CreateIndex
CREATE INDEX "file_folder_idx" ON "file"("owner_id", "path" text_pattern_ops);
