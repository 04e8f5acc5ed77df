-- AlterTable
ALTER TABLE "link" ADD COLUMN     "address" TEXT NOT NULL DEFAULT '',
ADD COLUMN     "downloads" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "exposed_until" TIMESTAMPTZ,
ADD COLUMN     "language" TEXT,
ADD COLUMN     "max_downloads" INTEGER,
ADD COLUMN     "open" BOOLEAN NOT NULL DEFAULT true,
ADD COLUMN     "opened_at" TIMESTAMPTZ,
ADD COLUMN     "proof_version" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "recipient_name" TEXT NOT NULL DEFAULT '',
ADD COLUMN     "revoked_at" TIMESTAMPTZ,
ADD COLUMN     "verify" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "views" INTEGER NOT NULL DEFAULT 0;

-- AlterTable
ALTER TABLE "cut_off" ADD COLUMN     "link_id" UUID;

-- AlterTable
ALTER TABLE "token" ADD COLUMN     "verified_only" BOOLEAN NOT NULL DEFAULT false;

-- AlterTable
ALTER TABLE "mail" ADD COLUMN     "tries" SMALLINT NOT NULL DEFAULT 0;

-- Links that already have a recipient, and any further link of a share without one.
UPDATE "link" SET "open" = false, "recipient_name" = "recipient" WHERE "recipient" IS NOT NULL;
UPDATE "link" SET "open" = false, "recipient" = ''
FROM (
  SELECT "id", row_number() OVER (PARTITION BY "share_id" ORDER BY "created_at", "id") AS "nth"
  FROM "link" WHERE "open"
) AS "each"
WHERE "each"."id" = "link"."id" AND "nth" > 1;

-- The version before recognises the open link by the absence of a recipient.
CREATE FUNCTION name_recipient() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.recipient := CASE WHEN NOT NEW.open THEN coalesce(nullif(NEW.recipient_name, ''), NEW.address) END;
  RETURN NEW;
END $$;
CREATE TRIGGER link_recipient BEFORE INSERT OR UPDATE OF open, recipient_name, address ON "link"
  FOR EACH ROW EXECUTE FUNCTION name_recipient();

ALTER TABLE "link" ADD CONSTRAINT "link_open_to_anyone" CHECK (
  NOT "open" OR "recipient_name" = '' AND "address" = '' AND NOT "verify" AND "max_downloads" IS NULL);
ALTER TABLE "link" ADD CONSTRAINT "link_code_has_address" CHECK (NOT "verify" OR "address" <> '');
ALTER TABLE "link" ADD CONSTRAINT "link_max_downloads" CHECK ("max_downloads" > 0);

-- CreateIndex
CREATE UNIQUE INDEX "link_open_key" ON "link"("share_id") WHERE (open);

-- CreateIndex
CREATE INDEX "link_address_idx" ON "link" USING GIN ("address" gin_trgm_ops);

-- CreateIndex
CREATE INDEX "cut_off_link_idx" ON "cut_off"("link_id") WHERE (link_id IS NOT NULL);
