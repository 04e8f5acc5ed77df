-- CreateEnum
CREATE TYPE "role" AS ENUM ('member', 'admin');

-- CreateEnum
CREATE TYPE "file_status" AS ENUM ('uploading', 'ready', 'abandoned');

-- CreateEnum
CREATE TYPE "object_state" AS ENUM ('uploading', 'live', 'doomed');

-- CreateEnum
CREATE TYPE "event_kind" AS ENUM ('view', 'bot_view', 'claim', 'mint', 'unlock', 'unlock_failed', 'refused');

-- CreateTable
CREATE TABLE "installation" (
    "id" SMALLINT NOT NULL DEFAULT 1,
    "installation_id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "setup_done_at" TIMESTAMPTZ,

    CONSTRAINT "installation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "link_secret" (
    "check_value" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "link_secret_pkey" PRIMARY KEY ("check_value")
);

-- CreateTable
CREATE TABLE "member" (
    "id" UUID NOT NULL,
    "email" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "password_hash" TEXT NOT NULL,
    "role" "role" NOT NULL DEFAULT 'member',
    "session_epoch" INTEGER NOT NULL DEFAULT 0,
    "disabled_at" TIMESTAMPTZ,
    "quota_bytes" BIGINT,
    "created_at" TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "member_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "invite" (
    "id" UUID NOT NULL,
    "token_hash" BYTEA NOT NULL,
    "email" TEXT,
    "role" "role" NOT NULL DEFAULT 'member',
    "invited_by" UUID NOT NULL,
    "expires_at" TIMESTAMPTZ NOT NULL,
    "used_at" TIMESTAMPTZ,
    "created_at" TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "invite_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE UNLOGGED TABLE "attempt" (
    "purpose" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "address" TEXT NOT NULL,
    "attempts" INTEGER NOT NULL,
    "window_end_at" TIMESTAMPTZ NOT NULL,

    CONSTRAINT "attempt_pkey" PRIMARY KEY ("purpose","subject","address")
);

-- CreateTable
CREATE TABLE "file" (
    "id" UUID NOT NULL,
    "owner_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "path" TEXT NOT NULL DEFAULT '',
    "size" BIGINT NOT NULL,
    "content_type" TEXT NOT NULL,
    "status" "file_status" NOT NULL DEFAULT 'uploading',
    "object_key" TEXT,
    "sha256" TEXT,
    "created_at" TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "ready_at" TIMESTAMPTZ,
    "deleted_at" TIMESTAMPTZ,

    CONSTRAINT "file_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "object" (
    "key" TEXT NOT NULL,
    "file_id" UUID NOT NULL,
    "state" "object_state" NOT NULL DEFAULT 'uploading',
    "upload_id" TEXT,
    "part_size" BIGINT,
    "put_expires_at" TIMESTAMPTZ NOT NULL,
    "live_since" TIMESTAMPTZ,
    "doomed_at" TIMESTAMPTZ,
    "created_at" TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "object_pkey" PRIMARY KEY ("key")
);

-- CreateTable
CREATE TABLE "share" (
    "id" UUID NOT NULL,
    "owner_id" UUID NOT NULL,
    "title" TEXT NOT NULL DEFAULT '',
    "message" TEXT NOT NULL DEFAULT '',
    "starts_at" TIMESTAMPTZ,
    "expires_at" TIMESTAMPTZ,
    "password_hash" TEXT,
    "password_version" INTEGER NOT NULL DEFAULT 0,
    "max_downloads" INTEGER,
    "downloads" INTEGER NOT NULL DEFAULT 0,
    "direct" BOOLEAN NOT NULL DEFAULT false,
    "mint_ttl_seconds" INTEGER,
    "max_ttl_seconds" INTEGER NOT NULL,
    "minted" BOOLEAN NOT NULL DEFAULT false,
    "ticket_epoch" INTEGER NOT NULL DEFAULT 0,
    "revoked_at" TIMESTAMPTZ,
    "revoked_by_id" UUID,
    "revoked_by_admin" BOOLEAN NOT NULL DEFAULT false,
    "revoke_reason" TEXT,
    "exposed_until" TIMESTAMPTZ,
    "created_at" TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "share_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "share_file" (
    "share_id" UUID NOT NULL,
    "file_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,

    CONSTRAINT "share_file_pkey" PRIMARY KEY ("share_id","file_id")
);

-- CreateTable
CREATE TABLE "link" (
    "id" UUID NOT NULL,
    "share_id" UUID NOT NULL,
    "public_id" BYTEA NOT NULL,
    "recipient" TEXT,
    "created_at" TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "link_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "claim" (
    "link_id" UUID NOT NULL,
    "visit_id" BYTEA NOT NULL,
    "counted" UUID,
    "at" TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "claim_pkey" PRIMARY KEY ("link_id","visit_id")
);

-- CreateTable
CREATE TABLE "share_counter" (
    "share_id" UUID NOT NULL,
    "shard" SMALLINT NOT NULL,
    "views" BIGINT NOT NULL DEFAULT 0,
    "bot_views" BIGINT NOT NULL DEFAULT 0,
    "downloads" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "share_counter_pkey" PRIMARY KEY ("share_id","shard")
);

-- CreateTable
CREATE TABLE "event" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "at" TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "share_id" UUID NOT NULL,
    "link_id" UUID,
    "file_id" UUID,
    "kind" "event_kind" NOT NULL,
    "agent" TEXT,
    "referrer" TEXT,
    "visitor" BYTEA,

    CONSTRAINT "event_pkey" PRIMARY KEY ("at","id")
) PARTITION BY RANGE ("at");

-- Partitions live in a schema that the Prisma schema does not list; a job makes the months ahead.
CREATE SCHEMA "events";
CREATE TABLE "events"."event_default" PARTITION OF "event" DEFAULT;

-- CreateTable
CREATE TABLE "visitor_key" (
    "day" DATE NOT NULL,
    "key" BYTEA NOT NULL,

    CONSTRAINT "visitor_key_pkey" PRIMARY KEY ("day")
);

-- CreateTable
CREATE TABLE "audit_entry" (
    "id" UUID NOT NULL,
    "at" TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "actor_id" UUID,
    "actor" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "target_id" TEXT,
    "details" JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT "audit_entry_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "member_email_key" ON "member"("email");

-- CreateIndex
CREATE UNIQUE INDEX "invite_token_hash_key" ON "invite"("token_hash");

-- CreateIndex
CREATE INDEX "invite_invited_by_idx" ON "invite"("invited_by");

-- CreateIndex
CREATE INDEX "attempt_window_end_at_idx" ON "attempt"("window_end_at");

-- CreateIndex
CREATE UNIQUE INDEX "file_object_key_key" ON "file"("object_key");

-- CreateIndex
CREATE INDEX "file_owner_id_created_at_id_idx" ON "file"("owner_id", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "object_file_id_idx" ON "object"("file_id");

-- CreateIndex
CREATE INDEX "object_put_expires_at_idx" ON "object"("put_expires_at");

-- CreateIndex
CREATE INDEX "share_owner_id_created_at_id_idx" ON "share"("owner_id", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "share_created_at_id_idx" ON "share"("created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "share_expires_at_idx" ON "share"("expires_at");

-- CreateIndex
CREATE INDEX "share_file_file_id_idx" ON "share_file"("file_id");

-- CreateIndex
CREATE UNIQUE INDEX "link_public_id_key" ON "link"("public_id");

-- CreateIndex
CREATE INDEX "link_share_id_idx" ON "link"("share_id");

-- CreateIndex
CREATE INDEX "claim_at_idx" ON "claim"("at");

-- CreateIndex
CREATE INDEX "event_share_id_at_idx" ON "event"("share_id", "at" DESC);

-- CreateIndex
CREATE INDEX "audit_entry_at_id_idx" ON "audit_entry"("at" DESC, "id" DESC);

-- AddForeignKey
ALTER TABLE "invite" ADD CONSTRAINT "invite_invited_by_fkey" FOREIGN KEY ("invited_by") REFERENCES "member"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "file" ADD CONSTRAINT "file_owner_id_fkey" FOREIGN KEY ("owner_id") REFERENCES "member"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "file" ADD CONSTRAINT "file_object_key_fkey" FOREIGN KEY ("object_key") REFERENCES "object"("key") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "object" ADD CONSTRAINT "object_file_id_fkey" FOREIGN KEY ("file_id") REFERENCES "file"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "share" ADD CONSTRAINT "share_owner_id_fkey" FOREIGN KEY ("owner_id") REFERENCES "member"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "share_file" ADD CONSTRAINT "share_file_share_id_fkey" FOREIGN KEY ("share_id") REFERENCES "share"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "share_file" ADD CONSTRAINT "share_file_file_id_fkey" FOREIGN KEY ("file_id") REFERENCES "file"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "link" ADD CONSTRAINT "link_share_id_fkey" FOREIGN KEY ("share_id") REFERENCES "share"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "claim" ADD CONSTRAINT "claim_link_id_fkey" FOREIGN KEY ("link_id") REFERENCES "link"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "share_counter" ADD CONSTRAINT "share_counter_share_id_fkey" FOREIGN KEY ("share_id") REFERENCES "share"("id") ON DELETE CASCADE ON UPDATE CASCADE;


-- What must hold whatever the code does.
ALTER TABLE "installation" ADD CONSTRAINT "installation_one_row" CHECK ("id" = 1);
ALTER TABLE "member" ADD CONSTRAINT "member_email_lower" CHECK ("email" = lower("email"));
ALTER TABLE "file" ADD CONSTRAINT "file_size_positive" CHECK ("size" >= 0);
ALTER TABLE "file" ADD CONSTRAINT "file_ready_has_object" CHECK ("status" <> 'ready' OR "object_key" IS NOT NULL OR "deleted_at" IS NOT NULL);
ALTER TABLE "object" ADD CONSTRAINT "object_key_opaque" CHECK ("key" ~ '^o/[a-z0-9]{20,}$');
ALTER TABLE "object" ADD CONSTRAINT "object_live_since" CHECK ("state" <> 'live' OR "live_since" IS NOT NULL);
ALTER TABLE "share" ADD CONSTRAINT "share_max_downloads_positive" CHECK ("max_downloads" > 0);
ALTER TABLE "share" ADD CONSTRAINT "share_downloads_positive" CHECK ("downloads" >= 0);
ALTER TABLE "share" ADD CONSTRAINT "share_ttl_bounds" CHECK ("mint_ttl_seconds" BETWEEN 15 AND 300 AND "max_ttl_seconds" >= 15);
ALTER TABLE "link" ADD CONSTRAINT "link_public_id_length" CHECK (octet_length("public_id") = 8);

INSERT INTO "installation" ("id") VALUES (1);

-- Counters are updated in place, all the time: leave room on the page (heap-only tuples).
ALTER TABLE "share" SET (fillfactor = 80);
ALTER TABLE "share_counter" SET (fillfactor = 50);
