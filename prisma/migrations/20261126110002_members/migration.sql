-- AlterTable
ALTER TABLE "invite" ADD COLUMN     "quota_bytes" BIGINT;

-- AlterTable
ALTER TABLE "member" ADD COLUMN     "deleted_at" TIMESTAMPTZ,
ADD COLUMN     "last_sign_in_at" TIMESTAMPTZ;

-- What sessions still know of the time before.
UPDATE "member" SET "last_sign_in_at" = (
  SELECT max("created_at") FROM "session" WHERE "session"."member_id" = "member"."id");
