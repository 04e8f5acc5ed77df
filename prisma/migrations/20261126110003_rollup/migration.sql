-- CreateTable
CREATE TABLE "activity_hour" (
    "hour" TIMESTAMPTZ NOT NULL,
    "kind" "event_kind" NOT NULL,
    "count" BIGINT NOT NULL,

    CONSTRAINT "activity_hour_pkey" PRIMARY KEY ("hour","kind")
);

-- CreateTable
CREATE TABLE "rollup" (
    "name" TEXT NOT NULL,
    "until" TIMESTAMPTZ NOT NULL,

    CONSTRAINT "rollup_pkey" PRIMARY KEY ("name")
);
