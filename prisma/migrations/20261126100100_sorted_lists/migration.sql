-- DropIndex
DROP INDEX "share_limited_idx";

-- AlterTable
ALTER TABLE "installation" ADD COLUMN     "views_rolled_to" TIMESTAMPTZ;

-- AlterTable
ALTER TABLE "share" ADD COLUMN     "at_limit" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "rolled_views" BIGINT NOT NULL DEFAULT 0;

-- CreateIndex
CREATE INDEX "link_recipient_idx" ON "link" USING GIN ("recipient" gin_trgm_ops);

-- CreateIndex
CREATE INDEX "share_used_up_idx" ON "share"("created_at" DESC, "id" DESC) WHERE (at_limit);

-- CreateIndex
CREATE INDEX "share_owner_revoked_idx" ON "share"("owner_id", "created_at" DESC, "id" DESC) WHERE (revoked_at IS NOT NULL);

-- CreateIndex
CREATE INDEX "share_owner_scheduled_idx" ON "share"("owner_id", "created_at" DESC, "id" DESC) WHERE (starts_at IS NOT NULL);

-- CreateIndex
CREATE INDEX "share_owner_used_up_idx" ON "share"("owner_id", "created_at" DESC, "id" DESC) WHERE (at_limit);

-- CreateIndex
CREATE INDEX "share_owner_id_expires_at_idx" ON "share"("owner_id", "expires_at");

-- CreateIndex
CREATE INDEX "share_owner_id_rolled_views_id_idx" ON "share"("owner_id", "rolled_views", "id");

-- CreateIndex
CREATE INDEX "share_rolled_views_id_idx" ON "share"("rolled_views", "id");

-- Sorted by end; without one, later than any.
CREATE INDEX "share_owner_end_idx" ON "share"("owner_id", coalesce("expires_at", '2201-01-01T00:00:00Z'::timestamptz), "id");
CREATE INDEX "share_end_idx" ON "share"(coalesce("expires_at", '2201-01-01T00:00:00Z'::timestamptz), "id");

-- Sorted by name.
CREATE INDEX "share_owner_name_idx" ON "share"("owner_id", lower("title") COLLATE "C", "id");
CREATE INDEX "share_name_idx" ON "share"(lower("title") COLLATE "C", "id");
CREATE INDEX "file_owner_name_idx" ON "file"("owner_id", lower("name") COLLATE "C", "id") WHERE "deleted_at" IS NULL;
CREATE INDEX "file_owner_size_idx" ON "file"("owner_id", "size", "id") WHERE "deleted_at" IS NULL;

-- Whether the limit is reached. Its columns change on the last claim only, so that the others write
-- no index.
CREATE FUNCTION share_at_limit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.at_limit := NEW.max_downloads IS NOT NULL AND NEW.downloads + coalesce(
    (SELECT sum(c.downloads) FROM share_counter c WHERE c.share_id = NEW.id), 0) >= NEW.max_downloads;
  RETURN NEW;
END $$;

CREATE TRIGGER share_at_limit BEFORE INSERT OR UPDATE OF downloads, max_downloads ON share
  FOR EACH ROW WHEN (NEW.max_downloads IS NOT NULL OR NEW.at_limit)
  EXECUTE FUNCTION share_at_limit();

UPDATE share SET downloads = downloads WHERE max_downloads IS NOT NULL;
UPDATE share SET rolled_views = counted.views
FROM (SELECT share_id, sum(views) AS views FROM share_counter GROUP BY share_id) AS counted
WHERE counted.share_id = share.id AND counted.views > 0;
UPDATE installation SET views_rolled_to = statement_timestamp();
