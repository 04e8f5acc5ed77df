-- AlterTable
ALTER TABLE "share" ADD COLUMN     "first_name" TEXT NOT NULL DEFAULT '';

UPDATE share SET first_name = coalesce((
  SELECT file.name FROM share_file JOIN file ON file.id = share_file.file_id
  WHERE share_file.share_id = share.id AND share_file.removed_at IS NULL
    AND (file.deleted_at IS NULL OR file.status = 'abandoned')
  ORDER BY share_file.position LIMIT 1), '')
WHERE title = '';

-- Sorted by name: without a title that of the first file.
DROP INDEX "share_owner_name_idx";
DROP INDEX "share_name_idx";
CREATE INDEX "share_owner_name_idx" ON "share"("owner_id", lower(coalesce(nullif("title", ''), "first_name")) COLLATE "C", "id");
CREATE INDEX "share_name_idx" ON "share"(lower(coalesce(nullif("title", ''), "first_name")) COLLATE "C", "id");
