-- DropIndex
DROP INDEX "share_file_file_id_idx";

-- CreateIndex
CREATE INDEX "share_file_file_id_share_id_idx" ON "share_file"("file_id", "share_id");
