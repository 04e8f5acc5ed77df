-- CreateIndex. The files of a delivery in the order of their pages.
CREATE INDEX "file_delivery_created_idx" ON "file"("delivery_id", "created_at", "id") WHERE (delivery_id IS NOT NULL);

-- AlterTable
ALTER TABLE "delivery" ADD COLUMN     "arriving_bytes" BIGINT NOT NULL DEFAULT 0,
ADD COLUMN     "arriving_count" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "counted_bytes" BIGINT NOT NULL DEFAULT 0,
ADD COLUMN     "file_count" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "new_count" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "sent_bytes" BIGINT,
ADD COLUMN     "sent_count" INTEGER,
ADD COLUMN     "total_bytes" BIGINT NOT NULL DEFAULT 0;

-- AlterTable
ALTER TABLE "request" ADD COLUMN     "arriving_bytes" BIGINT NOT NULL DEFAULT 0,
ADD COLUMN     "arriving_count" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "changes" BIGINT NOT NULL DEFAULT 0,
ADD COLUMN     "counted_bytes" BIGINT NOT NULL DEFAULT 0,
ADD COLUMN     "file_count" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "new_count" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "total_bytes" BIGINT NOT NULL DEFAULT 0;

-- When all of a file had arrived; null before, and if it was deleted.
CREATE FUNCTION arrived_at(file) RETURNS timestamptz LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN $1.deleted_at IS NULL THEN coalesce($1.ready_at, $1.unchecked_since) END
$$;

-- The triggers run when a transaction commits, so that its locks of deliveries and requests come
-- last and are held briefly.
CREATE FUNCTION count_in_delivery() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- A separate statement, so that the next one has the row's last version.
  PERFORM FROM delivery WHERE id = coalesce(NEW.delivery_id, OLD.delivery_id) FOR NO KEY UPDATE;
  UPDATE delivery SET
    file_count = delivery.file_count + change.files,
    arriving_count = delivery.arriving_count + change.arriving,
    new_count = delivery.new_count + change.news,
    total_bytes = delivery.total_bytes + change.bytes,
    arriving_bytes = delivery.arriving_bytes + change.arriving_bytes,
    counted_bytes = delivery.counted_bytes + change.counted_bytes
  FROM (
    SELECT d.id, sum(sign * held) AS files, sum(sign * coming) AS arriving,
      sum(sign * (coalesce(arrived_at >= d.seen_at, false))::int) AS news,
      sum(sign * held * size) AS bytes, sum(sign * coming * size) AS arriving_bytes,
      sum(sign * counted * size) AS counted_bytes
    FROM (VALUES (OLD, -1), (NEW, 1)) AS version (file, sign)
      JOIN delivery d ON d.id = (version.file).delivery_id
      CROSS JOIN LATERAL (SELECT (version.file).size, arrived_at(version.file) AS arrived_at,
        ((version.file).deleted_at IS NULL)::int AS held,
        ((version.file).deleted_at IS NULL AND (version.file).status = 'uploading')::int AS coming,
        ((version.file).deleted_at IS NULL OR (version.file).counted_until IS NOT NULL)::int AS counted) AS number
    GROUP BY d.id
  ) AS change
  WHERE delivery.id = change.id;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER count_added AFTER INSERT ON file DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (NEW.delivery_id IS NOT NULL) EXECUTE FUNCTION count_in_delivery();
CREATE CONSTRAINT TRIGGER count_changed
  AFTER UPDATE OF status, size, ready_at, unchecked_since, deleted_at, counted_until, thumbnail_key ON file
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.delivery_id IS NOT NULL)
  EXECUTE FUNCTION count_in_delivery();
CREATE CONSTRAINT TRIGGER count_removed AFTER DELETE ON file DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (OLD.delivery_id IS NOT NULL) EXECUTE FUNCTION count_in_delivery();

-- What its owner has seen is not new any more. The row is locked already.
CREATE FUNCTION count_unseen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.new_count := (
    SELECT count(*) FROM file WHERE delivery_id = NEW.id AND arrived_at(file) >= NEW.seen_at);
  RETURN NEW;
END $$;
CREATE TRIGGER count_unseen BEFORE UPDATE OF seen_at ON delivery
  FOR EACH ROW WHEN (OLD.new_count > 0 OR NEW.seen_at < OLD.seen_at)
  EXECUTE FUNCTION count_unseen();

UPDATE delivery SET
  file_count = held.files, arriving_count = held.arriving, new_count = held.news,
  total_bytes = held.bytes, arriving_bytes = held.arriving_bytes, counted_bytes = held.counted_bytes,
  sent_count = CASE WHEN done_at IS NOT NULL THEN held.sent END,
  sent_bytes = CASE WHEN done_at IS NOT NULL THEN held.sent_bytes END
FROM (
  SELECT d.id, count(*) FILTER (WHERE f.deleted_at IS NULL) AS files,
    count(*) FILTER (WHERE f.deleted_at IS NULL AND f.status = 'uploading') AS arriving,
    count(*) FILTER (WHERE arrived_at(f) >= d.seen_at) AS news,
    coalesce(sum(f.size) FILTER (WHERE f.deleted_at IS NULL), 0) AS bytes,
    coalesce(sum(f.size) FILTER (WHERE f.deleted_at IS NULL AND f.status = 'uploading'), 0) AS arriving_bytes,
    coalesce(sum(f.size) FILTER (WHERE f.deleted_at IS NULL OR f.counted_until IS NOT NULL), 0) AS counted_bytes,
    count(*) FILTER (WHERE was.sent) AS sent, coalesce(sum(f.size) FILTER (WHERE was.sent), 0) AS sent_bytes
  FROM delivery d JOIN file f ON f.delivery_id = d.id
    CROSS JOIN LATERAL (SELECT f.status NOT IN ('uploading', 'abandoned')
      AND (f.deleted_at IS NULL OR f.deleted_at > d.done_at) AS sent) AS was
  GROUP BY d.id
) AS held
WHERE delivery.id = held.id;

UPDATE request SET
  file_count = held.files, arriving_count = held.arriving, new_count = held.news,
  total_bytes = held.bytes, arriving_bytes = held.arriving_bytes, counted_bytes = held.counted_bytes
FROM (
  SELECT share_id, sum(file_count) AS files, sum(arriving_count) AS arriving, sum(new_count) AS news,
    sum(total_bytes) AS bytes, sum(arriving_bytes) AS arriving_bytes, sum(counted_bytes) AS counted_bytes
  FROM delivery GROUP BY share_id
) AS held
WHERE held.share_id = request.share_id;

CREATE FUNCTION count_in_request() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE request SET
    file_count = file_count + coalesce(NEW.file_count, 0) - coalesce(OLD.file_count, 0),
    arriving_count = arriving_count + coalesce(NEW.arriving_count, 0) - coalesce(OLD.arriving_count, 0),
    new_count = new_count + coalesce(NEW.new_count, 0) - coalesce(OLD.new_count, 0),
    total_bytes = total_bytes + coalesce(NEW.total_bytes, 0) - coalesce(OLD.total_bytes, 0),
    arriving_bytes = arriving_bytes + coalesce(NEW.arriving_bytes, 0) - coalesce(OLD.arriving_bytes, 0),
    counted_bytes = counted_bytes + coalesce(NEW.counted_bytes, 0) - coalesce(OLD.counted_bytes, 0),
    changes = changes + 1
  WHERE share_id = coalesce(NEW.share_id, OLD.share_id);
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER count_in_request
  AFTER INSERT OR UPDATE OF file_count, seen_at, done_at, erased_at OR DELETE ON delivery
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION count_in_request();

-- DropIndex
DROP INDEX "file_delivery_idx";
