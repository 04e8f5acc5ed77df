-- Mails of links above a member's limit in an hour wait for the next one, and are counted then.
ALTER TABLE "mail" ADD COLUMN "waits_until" TIMESTAMPTZ, ADD COLUMN "counts_for" UUID;

CREATE INDEX "mail_counts_for_idx" ON "mail"("counts_for") WHERE "waits_until" IS NOT NULL;
