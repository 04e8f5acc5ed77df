-- AlterTable
ALTER TABLE "audit_entry" ADD COLUMN     "act_id" UUID,
ADD COLUMN     "origin" TEXT,
ALTER COLUMN "at" SET DEFAULT clock_timestamp();

-- CreateTable
CREATE TABLE "audit_unsealed" (
    "entry_id" UUID NOT NULL,
    "tx" xid8 NOT NULL DEFAULT pg_current_xact_id(),

    CONSTRAINT "audit_unsealed_pkey" PRIMARY KEY ("entry_id")
);

-- CreateTable
CREATE TABLE "audit_seal" (
    "sequence" BIGINT NOT NULL,
    "entry_id" UUID NOT NULL,
    "sealed_at" TIMESTAMPTZ NOT NULL,
    "hash" BYTEA NOT NULL,

    CONSTRAINT "audit_seal_pkey" PRIMARY KEY ("sequence")
);

-- CreateTable
CREATE TABLE "audit_checkpoint" (
    "id" SMALLINT NOT NULL DEFAULT 1,
    "sequence" BIGINT NOT NULL,
    "hash" BYTEA NOT NULL,
    "deleted_to" TIMESTAMPTZ NOT NULL,
    "made_at" TIMESTAMPTZ NOT NULL,
    "mac" BYTEA NOT NULL,

    CONSTRAINT "audit_checkpoint_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "failed_sign_in" (
    "window_end_at" TIMESTAMPTZ NOT NULL,
    "account" TEXT NOT NULL,
    "origin" TEXT NOT NULL,
    "failures" INTEGER NOT NULL,

    CONSTRAINT "failed_sign_in_pkey" PRIMARY KEY ("window_end_at","account","origin")
);

-- CreateIndex
CREATE INDEX "audit_unsealed_tx_entry_id_idx" ON "audit_unsealed"("tx", "entry_id");

-- CreateIndex
CREATE UNIQUE INDEX "audit_seal_entry_id_key" ON "audit_seal"("entry_id");

-- CreateIndex
CREATE INDEX "audit_entry_act_idx" ON "audit_entry"("at" DESC, "id" DESC) WHERE (act_id IS NULL);

-- CreateIndex
CREATE INDEX "audit_entry_action_at_id_idx" ON "audit_entry"("action", "at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "audit_entry_actor_id_at_id_idx" ON "audit_entry"("actor_id", "at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "audit_entry_target_id_at_id_idx" ON "audit_entry"("target_id", "at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "audit_entry_part_idx" ON "audit_entry"("act_id", "at" DESC, "id" DESC) WHERE (act_id IS NOT NULL);

-- CreateIndex
CREATE INDEX "audit_entry_origin_at_id_idx" ON "audit_entry"("origin", "at" DESC, "id" DESC);

-- What a search of the audit log finds: the actor, and the values of the details.
CREATE INDEX "audit_entry_search_idx" ON "audit_entry" USING GIN (
  (lower("actor" || ' ' || jsonb_path_query_array("details", '$.*')::text)) gin_trgm_ops
);

-- Every entry waits for its seal, whoever inserts it.
CREATE FUNCTION audit_await_seal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO audit_unsealed (entry_id) SELECT id FROM inserted;
  RETURN NULL;
END
$$;
CREATE TRIGGER audit_await_seal AFTER INSERT ON "audit_entry"
  REFERENCING NEW TABLE AS inserted FOR EACH STATEMENT EXECUTE FUNCTION audit_await_seal();

INSERT INTO "audit_unsealed" ("entry_id") SELECT "id" FROM "audit_entry";
