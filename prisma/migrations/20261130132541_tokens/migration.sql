-- CreateTable
CREATE TABLE "token" (
    "id" UUID NOT NULL,
    "member_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "hash" BYTEA NOT NULL,
    "scopes" TEXT[],
    "created_at" TIMESTAMPTZ NOT NULL DEFAULT statement_timestamp(),
    "expires_at" TIMESTAMPTZ,
    "ended_at" TIMESTAMPTZ,
    "last_used_at" TIMESTAMPTZ,
    "last_used_from" TEXT,
    "max_day_bytes" BIGINT,
    "max_share_days" INTEGER,
    "password_required" BOOLEAN NOT NULL DEFAULT false,
    "upload_day" DATE,
    "upload_bytes" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "token_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "keyed_call" (
    "member_id" UUID NOT NULL,
    "call" TEXT NOT NULL,
    "key_hash" BYTEA NOT NULL,
    "body_hash" BYTEA NOT NULL,
    "ids" UUID[],
    "created_at" TIMESTAMPTZ NOT NULL DEFAULT statement_timestamp(),

    CONSTRAINT "keyed_call_pkey" PRIMARY KEY ("member_id","call","key_hash")
);

-- CreateIndex
CREATE UNIQUE INDEX "token_hash_key" ON "token"("hash");

-- CreateIndex
CREATE INDEX "token_member_id_idx" ON "token"("member_id");

-- CreateIndex
CREATE INDEX "keyed_call_created_at_idx" ON "keyed_call"("created_at");

-- AddForeignKey
ALTER TABLE "token" ADD CONSTRAINT "token_member_id_fkey" FOREIGN KEY ("member_id") REFERENCES "member"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "keyed_call" ADD CONSTRAINT "keyed_call_member_id_fkey" FOREIGN KEY ("member_id") REFERENCES "member"("id") ON DELETE CASCADE ON UPDATE CASCADE;
