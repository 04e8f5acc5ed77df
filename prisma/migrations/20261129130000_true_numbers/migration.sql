-- Claims from before a share became view-only or stopped being so, and previews that are repeated.
-- Clicks lock share before event, so that is the order here too.
-- AlterTable
ALTER TABLE "share" ADD COLUMN     "other_claims" INTEGER NOT NULL DEFAULT 0;

-- AlterTable
ALTER TABLE "event" ADD COLUMN     "again" BOOLEAN NOT NULL DEFAULT false;

-- Disabling a member ends the sessions from now on; those of members who are disabled are dead.
UPDATE "session" SET "ended_at" = "member"."disabled_at" FROM "member"
WHERE "member"."id" = "session"."member_id" AND "member"."disabled_at" IS NOT NULL AND "session"."ended_at" IS NULL;
