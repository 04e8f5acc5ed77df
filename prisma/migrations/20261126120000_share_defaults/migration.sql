-- What a member's new shares begin with.
-- AlterTable
ALTER TABLE "member" ADD COLUMN     "share_defaults" JSONB NOT NULL DEFAULT '{}';
