-- AlterTable
ALTER TABLE "share_file" ADD COLUMN     "added_at" TIMESTAMPTZ,
ADD COLUMN     "removed_at" TIMESTAMPTZ;

-- A folder and what is below it, by bytes.
CREATE INDEX "file_folder_idx" ON "file"("owner_id", "path" COLLATE "C");
