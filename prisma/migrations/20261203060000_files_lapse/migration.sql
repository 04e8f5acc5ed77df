-- AlterTable
ALTER TABLE "installation" ADD COLUMN     "retention_continued_at" TIMESTAMPTZ,
ADD COLUMN     "retention_mailed_at" TIMESTAMPTZ,
ADD COLUMN     "retention_night" JSONB;

-- AlterTable
ALTER TABLE "member" ADD COLUMN     "legal_hold_at" TIMESTAMPTZ,
ADD COLUMN     "legal_hold_for" TEXT;

-- AlterTable
ALTER TABLE "file" ADD COLUMN     "kept_until" TIMESTAMPTZ;

-- AlterTable
ALTER TABLE "share" ADD COLUMN     "legal_hold_at" TIMESTAMPTZ,
ADD COLUMN     "legal_hold_for" TEXT,
ADD COLUMN     "used_up_at" TIMESTAMPTZ;

-- AlterTable
ALTER TABLE "request" ADD COLUMN     "delete_days" INTEGER,
ADD COLUMN     "delete_days_since" TIMESTAMPTZ;

-- AlterTable
ALTER TABLE "link" ADD COLUMN     "used_up_at" TIMESTAMPTZ;

-- CreateIndex
CREATE INDEX "share_legal_hold_idx" ON "share"("legal_hold_at") WHERE (legal_hold_at IS NOT NULL);

-- Shares and links that are used up already count from now.
UPDATE "share" SET "used_up_at" = statement_timestamp() WHERE "at_limit";
UPDATE "link" SET "used_up_at" = statement_timestamp() WHERE "downloads" >= "max_downloads";

-- Fires after share_at_limit, as its name comes later, and also when a job sets the flag.
CREATE FUNCTION share_used_up() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.used_up_at := CASE WHEN NEW.at_limit THEN clock_timestamp() END;
  RETURN NEW;
END $$;
CREATE TRIGGER share_used_up BEFORE INSERT OR UPDATE OF downloads, max_downloads, at_limit ON "share"
  FOR EACH ROW WHEN (NEW.at_limit <> (NEW.used_up_at IS NOT NULL))
  EXECUTE FUNCTION share_used_up();

CREATE FUNCTION link_used_up() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.used_up_at := CASE WHEN NEW.downloads >= NEW.max_downloads
    THEN clock_timestamp() END;
  RETURN NEW;
END $$;
CREATE TRIGGER link_used_up BEFORE INSERT OR UPDATE OF downloads, max_downloads ON "link"
  FOR EACH ROW WHEN ((NEW.downloads >= NEW.max_downloads) IS TRUE <> (NEW.used_up_at IS NOT NULL))
  EXECUTE FUNCTION link_used_up();
