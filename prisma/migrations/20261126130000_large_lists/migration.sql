-- Folders are counted from the index alone.
DROP INDEX "file_folder_idx";
CREATE INDEX "file_folder_idx" ON "file"("owner_id", "path" COLLATE "C") INCLUDE ("size", "status") WHERE (deleted_at IS NULL);

-- AlterTable. The rows of shared files, which are most, are not written.
ALTER TABLE "file" ADD COLUMN     "maybe_unshared" BOOLEAN NOT NULL DEFAULT false;
ALTER TABLE "file" ALTER COLUMN "maybe_unshared" SET DEFAULT true;
UPDATE "file" SET "maybe_unshared" = true WHERE NOT EXISTS (
  SELECT FROM "share_file" WHERE "share_file"."file_id" = "file"."id" AND "removed_at" IS NULL);

-- CreateIndex
CREATE INDEX "file_unshared_idx" ON "file"("owner_id", "created_at" DESC, "id" DESC) WHERE (maybe_unshared AND deleted_at IS NULL);

-- Never false for a file that no share holds: what adds a file to a share sets it to false in its
-- own transaction, and what takes one out sets it to true, whatever other shares hold.
CREATE FUNCTION share_file_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM FROM file WHERE maybe_unshared AND id IN (SELECT file_id FROM added WHERE removed_at IS NULL)
    ORDER BY id FOR NO KEY UPDATE;
  UPDATE file SET maybe_unshared = false
    WHERE maybe_unshared AND id IN (SELECT file_id FROM added WHERE removed_at IS NULL);
  RETURN NULL;
END $$;
CREATE TRIGGER share_file_added AFTER INSERT ON "share_file"
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION share_file_added();

CREATE FUNCTION share_file_removed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE file SET maybe_unshared = TG_OP = 'DELETE' OR NEW.removed_at IS NOT NULL WHERE id = OLD.file_id;
  RETURN NULL;
END $$;
CREATE TRIGGER share_file_removed AFTER DELETE ON "share_file"
  FOR EACH ROW WHEN (OLD.removed_at IS NULL) EXECUTE FUNCTION share_file_removed();
CREATE TRIGGER share_file_dated AFTER UPDATE OF removed_at ON "share_file"
  FOR EACH ROW WHEN ((OLD.removed_at IS NULL) <> (NEW.removed_at IS NULL))
  EXECUTE FUNCTION share_file_removed();

-- With a million rows, a fifth of them dead before the first vacuum would be too many: rolled views
-- write every index of a share.
ALTER TABLE "share" SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02);
ALTER TABLE "share_counter" SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02);
