CREATE SEQUENCE "public"."lease_token" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1;--> statement-breakpoint
CREATE TABLE "adapter" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "adapter_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"run_id" bigint NOT NULL,
	"cycle" integer NOT NULL,
	"state" text DEFAULT 'training' NOT NULL,
	"base_sha256" text,
	"sha256" text,
	"steps" integer,
	"tokens" bigint,
	"seconds" double precision,
	"points" jsonb,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"ended_at" timestamp with time zone,
	CONSTRAINT "adapter_run_cycle" UNIQUE("run_id","cycle"),
	CONSTRAINT "adapter_state_word" CHECK ("adapter"."state" in ('training', 'ready'))
);
--> statement-breakpoint
CREATE TABLE "adapter_file" (
	"adapter_id" bigint NOT NULL,
	"name" text NOT NULL,
	"part" integer NOT NULL,
	"data" "bytea" NOT NULL,
	CONSTRAINT "adapter_file_adapter_id_name_part_pk" PRIMARY KEY("adapter_id","name","part")
);
--> statement-breakpoint
CREATE TABLE "training_pair" (
	"adapter_id" bigint NOT NULL,
	"position" integer NOT NULL,
	"candidate_id" bigint NOT NULL,
	CONSTRAINT "training_pair_adapter_id_position_pk" PRIMARY KEY("adapter_id","position"),
	CONSTRAINT "training_pair_once" UNIQUE("adapter_id","candidate_id")
);
--> statement-breakpoint
CREATE TABLE "candidate" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "candidate_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"run_id" bigint NOT NULL,
	"cycle" integer NOT NULL,
	"index" integer NOT NULL,
	"batch" integer NOT NULL,
	"state" text DEFAULT 'writing' NOT NULL,
	"code" text,
	"tokens" integer,
	"finished" boolean,
	"outcome" text,
	"parsed" boolean,
	"built" boolean,
	"accuracy" double precision,
	"report_accuracy" double precision,
	"parameters" bigint,
	"jaccard" double precision,
	"minhash_estimate" double precision,
	"novelty_basis" text,
	"neighbour_candidate_id" bigint,
	"neighbour_corpus_entry_id" bigint,
	"novel" boolean,
	"selection_reason" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"completed_at" timestamp with time zone,
	"ended_at" timestamp with time zone,
	CONSTRAINT "candidate_run_cycle_index" UNIQUE("run_id","cycle","index"),
	CONSTRAINT "candidate_state_word" CHECK ("candidate"."state" in ('writing', 'complete', 'evaluating', 'ended')),
	CONSTRAINT "candidate_outcome_word" CHECK ("candidate"."outcome" in ('ok', 'parse_error', 'build_error', 'shape_mismatch', 'too_large', 'screen_rejected', 'runtime_error', 'time_limit', 'memory_limit', 'process_limit', 'disk_limit', 'output_limit', 'crashed', 'no_result', 'invalid_metric', 'gpu_oom', 'worker_lost', 'cancelled')),
	CONSTRAINT "candidate_basis_word" CHECK ("candidate"."novelty_basis" in ('body', 'whole_file')),
	CONSTRAINT "candidate_reason_word" CHECK ("candidate"."selection_reason" in ('winner', 'fallback')),
	CONSTRAINT "candidate_accuracy_fraction" CHECK ("candidate"."accuracy" between 0 and 1),
	CONSTRAINT "candidate_report_accuracy_fraction" CHECK ("candidate"."report_accuracy" between 0 and 1),
	CONSTRAINT "candidate_jaccard_fraction" CHECK ("candidate"."jaccard" between 0 and 1),
	CONSTRAINT "candidate_ended_has_outcome" CHECK (("candidate"."state" = 'ended') = ("candidate"."outcome" is not null)),
	CONSTRAINT "candidate_ok_has_accuracy" CHECK (("candidate"."outcome" is not distinct from 'ok') = ("candidate"."accuracy" is not null))
);
--> statement-breakpoint
CREATE TABLE "corpus" (
	"version" text PRIMARY KEY NOT NULL,
	"description" text NOT NULL,
	"entries" integer NOT NULL,
	"sha256" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "corpus_entry" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "corpus_entry_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"corpus_version" text NOT NULL,
	"position" integer NOT NULL,
	"code" text NOT NULL,
	CONSTRAINT "corpus_entry_position" UNIQUE("corpus_version","position")
);
--> statement-breakpoint
CREATE TABLE "evaluation" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "evaluation_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"candidate_id" bigint NOT NULL,
	"ordinal" integer NOT NULL,
	"recipe" text NOT NULL,
	"seed" integer NOT NULL,
	"requested_by" text NOT NULL,
	"state" text DEFAULT 'queued' NOT NULL,
	"outcome" text,
	"error_type" text,
	"error_message" text,
	"error_line" integer,
	"parsed" boolean,
	"built" boolean,
	"accuracy" double precision,
	"selection_total" integer,
	"report_accuracy" double precision,
	"report_total" integer,
	"parameters" bigint,
	"multiply_adds" bigint,
	"batches_delivered" integer,
	"train_seconds" double precision,
	"train_cpu_seconds" double precision,
	"wall_seconds" double precision,
	"peak_memory_bytes" bigint,
	"output" text,
	"worker_id" bigint,
	"protection_level" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"started_at" timestamp with time zone,
	"ended_at" timestamp with time zone,
	CONSTRAINT "evaluation_candidate_ordinal" UNIQUE("candidate_id","ordinal"),
	CONSTRAINT "evaluation_state_word" CHECK ("evaluation"."state" in ('queued', 'running', 'ended')),
	CONSTRAINT "evaluation_outcome_word" CHECK ("evaluation"."outcome" in ('ok', 'parse_error', 'build_error', 'shape_mismatch', 'too_large', 'screen_rejected', 'runtime_error', 'time_limit', 'memory_limit', 'process_limit', 'disk_limit', 'output_limit', 'crashed', 'no_result', 'invalid_metric', 'gpu_oom', 'worker_lost', 'cancelled')),
	CONSTRAINT "evaluation_requester_word" CHECK ("evaluation"."requested_by" in ('loop', 'person')),
	CONSTRAINT "evaluation_protection_word" CHECK ("evaluation"."protection_level" in ('full', 'reduced', 'none')),
	CONSTRAINT "evaluation_accuracy_fraction" CHECK ("evaluation"."accuracy" between 0 and 1),
	CONSTRAINT "evaluation_report_accuracy_fraction" CHECK ("evaluation"."report_accuracy" between 0 and 1),
	CONSTRAINT "evaluation_ended_has_outcome" CHECK (("evaluation"."state" = 'ended') = ("evaluation"."outcome" is not null)),
	CONSTRAINT "evaluation_ok_has_accuracy" CHECK (("evaluation"."outcome" is not distinct from 'ok') = ("evaluation"."accuracy" is not null))
);
--> statement-breakpoint
CREATE TABLE "attempt" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "attempt_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"job_id" bigint NOT NULL,
	"worker_id" bigint NOT NULL,
	"lease_token" bigint NOT NULL,
	"ending" text,
	"error" text,
	"started_at" timestamp with time zone DEFAULT now() NOT NULL,
	"ended_at" timestamp with time zone,
	CONSTRAINT "attempt_token" UNIQUE("lease_token"),
	CONSTRAINT "attempt_ending_word" CHECK ("attempt"."ending" in ('done', 'failed', 'lost', 'released', 'cancelled'))
);
--> statement-breakpoint
CREATE TABLE "job" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "job_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"kind" text NOT NULL,
	"run_id" bigint NOT NULL,
	"cycle" integer NOT NULL,
	"evaluation_id" bigint,
	"args" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"dedupe_key" text NOT NULL,
	"requested_by" text DEFAULT 'loop' NOT NULL,
	"priority" integer DEFAULT 0 NOT NULL,
	"state" text DEFAULT 'queued' NOT NULL,
	"owner_id" bigint,
	"lease_token" bigint,
	"lease_expires_at" timestamp with time zone,
	"attempts" integer DEFAULT 0 NOT NULL,
	"max_attempts" integer DEFAULT 3 NOT NULL,
	"available_at" timestamp with time zone DEFAULT now() NOT NULL,
	"error" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"ended_at" timestamp with time zone,
	CONSTRAINT "job_dedupe_key" UNIQUE("dedupe_key"),
	CONSTRAINT "job_kind_word" CHECK ("job"."kind" in ('generate', 'evaluate', 'select', 'finetune')),
	CONSTRAINT "job_state_word" CHECK ("job"."state" in ('queued', 'leased', 'done', 'failed', 'cancelled')),
	CONSTRAINT "job_requester_word" CHECK ("job"."requested_by" in ('loop', 'person')),
	CONSTRAINT "job_leased_has_lease" CHECK (("job"."state" = 'leased') = ("job"."owner_id" is not null and "job"."lease_token" is not null and "job"."lease_expires_at" is not null))
);
--> statement-breakpoint
CREATE TABLE "worker" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "worker_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"name" text NOT NULL,
	"host" text NOT NULL,
	"pid" integer NOT NULL,
	"state" text DEFAULT 'running' NOT NULL,
	"device" text NOT NULL,
	"slots" integer NOT NULL,
	"activity" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"protection_level" text,
	"protection_checks" jsonb,
	"versions" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"memory_bytes" bigint,
	"cpu_share" double precision,
	"lock_free_since" timestamp with time zone,
	"started_at" timestamp with time zone DEFAULT now() NOT NULL,
	"heartbeat_at" timestamp with time zone DEFAULT now() NOT NULL,
	"ended_at" timestamp with time zone,
	CONSTRAINT "worker_state_word" CHECK ("worker"."state" in ('running', 'stopped', 'lost')),
	CONSTRAINT "worker_protection_word" CHECK ("worker"."protection_level" in ('full', 'reduced', 'none'))
);
--> statement-breakpoint
CREATE TABLE "cycle" (
	"run_id" bigint NOT NULL,
	"number" integer NOT NULL,
	"stage" text DEFAULT 'generating' NOT NULL,
	"adapter_id" bigint,
	"prompt" text,
	"selection_threshold" double precision,
	"generated_tokens" bigint DEFAULT 0 NOT NULL,
	"generate_seconds" double precision DEFAULT 0 NOT NULL,
	"select_seconds" double precision,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"ended_at" timestamp with time zone,
	CONSTRAINT "cycle_run_id_number_pk" PRIMARY KEY("run_id","number"),
	CONSTRAINT "cycle_stage_word" CHECK ("cycle"."stage" in ('generating', 'evaluating', 'selecting', 'finetuning', 'ended')),
	CONSTRAINT "cycle_threshold_fraction" CHECK ("cycle"."selection_threshold" between 0 and 1)
);
--> statement-breakpoint
CREATE TABLE "generation_chunk" (
	"run_id" bigint NOT NULL,
	"seq" bigint NOT NULL,
	"cycle" integer NOT NULL,
	"batch" integer NOT NULL,
	"attempt" bigint NOT NULL,
	"suffixes" jsonb NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "generation_chunk_run_id_seq_pk" PRIMARY KEY("run_id","seq")
);
--> statement-breakpoint
CREATE TABLE "run" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "run_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"name" text NOT NULL,
	"config" jsonb NOT NULL,
	"cycles" integer NOT NULL,
	"desired" text DEFAULT 'run' NOT NULL,
	"state" text DEFAULT 'waiting' NOT NULL,
	"error" text,
	"source_run_id" bigint,
	"last_seq" bigint DEFAULT 0 NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"started_at" timestamp with time zone,
	"ended_at" timestamp with time zone,
	CONSTRAINT "run_desired_word" CHECK ("run"."desired" in ('run', 'pause', 'cancel')),
	CONSTRAINT "run_state_word" CHECK ("run"."state" in ('waiting', 'running', 'pausing', 'paused', 'cancelling', 'cancelled', 'finished', 'failed')),
	CONSTRAINT "run_cycles_positive" CHECK ("run"."cycles" > 0)
);
--> statement-breakpoint
CREATE TABLE "run_event" (
	"run_id" bigint NOT NULL,
	"seq" bigint NOT NULL,
	"type" text NOT NULL,
	"payload" jsonb NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "run_event_run_id_seq_pk" PRIMARY KEY("run_id","seq")
);
--> statement-breakpoint
ALTER TABLE "adapter" ADD CONSTRAINT "adapter_run_id_run_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."run"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "adapter_file" ADD CONSTRAINT "adapter_file_adapter_id_adapter_id_fk" FOREIGN KEY ("adapter_id") REFERENCES "public"."adapter"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "training_pair" ADD CONSTRAINT "training_pair_adapter_id_adapter_id_fk" FOREIGN KEY ("adapter_id") REFERENCES "public"."adapter"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "training_pair" ADD CONSTRAINT "training_pair_candidate_id_candidate_id_fk" FOREIGN KEY ("candidate_id") REFERENCES "public"."candidate"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "candidate" ADD CONSTRAINT "candidate_neighbour_corpus_entry_id_corpus_entry_id_fk" FOREIGN KEY ("neighbour_corpus_entry_id") REFERENCES "public"."corpus_entry"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "candidate" ADD CONSTRAINT "candidate_run_id_cycle_cycle_run_id_number_fk" FOREIGN KEY ("run_id","cycle") REFERENCES "public"."cycle"("run_id","number") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "candidate" ADD CONSTRAINT "candidate_neighbour_candidate_id_candidate_id_fk" FOREIGN KEY ("neighbour_candidate_id") REFERENCES "public"."candidate"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "corpus_entry" ADD CONSTRAINT "corpus_entry_corpus_version_corpus_version_fk" FOREIGN KEY ("corpus_version") REFERENCES "public"."corpus"("version") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "evaluation" ADD CONSTRAINT "evaluation_candidate_id_candidate_id_fk" FOREIGN KEY ("candidate_id") REFERENCES "public"."candidate"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "attempt" ADD CONSTRAINT "attempt_job_id_job_id_fk" FOREIGN KEY ("job_id") REFERENCES "public"."job"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "attempt" ADD CONSTRAINT "attempt_worker_id_worker_id_fk" FOREIGN KEY ("worker_id") REFERENCES "public"."worker"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "job" ADD CONSTRAINT "job_run_id_run_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."run"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "job" ADD CONSTRAINT "job_evaluation_id_evaluation_id_fk" FOREIGN KEY ("evaluation_id") REFERENCES "public"."evaluation"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "job" ADD CONSTRAINT "job_owner_id_worker_id_fk" FOREIGN KEY ("owner_id") REFERENCES "public"."worker"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "cycle" ADD CONSTRAINT "cycle_run_id_run_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."run"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "generation_chunk" ADD CONSTRAINT "generation_chunk_run_id_run_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."run"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "run_event" ADD CONSTRAINT "run_event_run_id_run_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."run"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "candidate_accuracy" ON "candidate" USING btree ("accuracy");--> statement-breakpoint
CREATE INDEX "attempt_job" ON "attempt" USING btree ("job_id");--> statement-breakpoint
CREATE INDEX "job_queue" ON "job" USING btree ("priority" DESC NULLS LAST,"run_id","id") WHERE "job"."state" = 'queued';--> statement-breakpoint
CREATE INDEX "job_leased" ON "job" USING btree ("lease_expires_at") WHERE "job"."state" = 'leased';--> statement-breakpoint
CREATE INDEX "job_run" ON "job" USING btree ("run_id","state");--> statement-breakpoint
CREATE INDEX "generation_chunk_batch" ON "generation_chunk" USING btree ("run_id","cycle","batch");