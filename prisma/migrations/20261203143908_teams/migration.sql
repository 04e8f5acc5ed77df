-- A team is a member that nobody signs in as. Tokens may belong to a team, and invitations may name
-- teams. An auditor is a member who may also read what admins read.
CREATE TYPE "member_kind" AS ENUM ('person', 'team');

ALTER TABLE "member" ADD COLUMN "member_kind" "member_kind" NOT NULL DEFAULT 'person',
ADD COLUMN "auditor" BOOLEAN NOT NULL DEFAULT false;

ALTER TABLE "member" ADD CONSTRAINT "member_team_signs_in_never" CHECK ("member_kind" = 'person'
  OR ("role" = 'member' AND NOT "auditor" AND "password_hash" NOT LIKE '$%' AND "email" LIKE '%@invalid'));
ALTER TABLE "member" ADD CONSTRAINT "member_auditor_is_no_admin" CHECK (NOT "auditor" OR "role" = 'member');

ALTER TABLE "invite" ADD COLUMN "team_ids" UUID[] DEFAULT ARRAY[]::UUID[];

CREATE TABLE "team" (
    "id" UUID NOT NULL,
    "slug" TEXT NOT NULL,
    "group" TEXT,

    CONSTRAINT "team_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "team_id_fkey" FOREIGN KEY ("id") REFERENCES "member"("id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE UNIQUE INDEX "team_slug_key" ON "team"("slug");
CREATE UNIQUE INDEX "team_group_key" ON "team"("group");

CREATE TABLE "team_member" (
    "team_id" UUID NOT NULL,
    "member_id" UUID NOT NULL,
    "manager" BOOLEAN NOT NULL DEFAULT false,
    "notices" BOOLEAN NOT NULL DEFAULT true,
    "group_at" TIMESTAMPTZ,
    "created_at" TIMESTAMPTZ NOT NULL DEFAULT statement_timestamp(),

    CONSTRAINT "team_member_pkey" PRIMARY KEY ("team_id","member_id"),
    CONSTRAINT "team_member_manager_is_added" CHECK (NOT "manager" OR "group_at" IS NULL),
    CONSTRAINT "team_member_team_id_fkey" FOREIGN KEY ("team_id") REFERENCES "team"("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "team_member_member_id_fkey" FOREIGN KEY ("member_id") REFERENCES "member"("id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE INDEX "team_member_member_id_idx" ON "team_member"("member_id");

ALTER TABLE "token" ADD COLUMN "person_id" UUID;
ALTER TABLE "token" ADD CONSTRAINT "token_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "member"("id") ON DELETE CASCADE ON UPDATE CASCADE;
CREATE INDEX "token_person_id_idx" ON "token"("person_id");
