CREATE TABLE "corpus_finding" (
	"task_id" bigint NOT NULL,
	"position" integer NOT NULL,
	"locator" text NOT NULL,
	"name" text,
	"verdict" text NOT NULL,
	"reason" text,
	"entry" jsonb,
	"fingerprint" text,
	CONSTRAINT "corpus_finding_task_id_position_pk" PRIMARY KEY("task_id","position"),
	CONSTRAINT "corpus_finding_verdict_word" CHECK ("corpus_finding"."verdict" in ('accepted', 'duplicate', 'rejected'))
);
--> statement-breakpoint
CREATE TABLE "corpus_fingerprints" (
	"corpus_version" text NOT NULL,
	"shape" text NOT NULL,
	"version" text NOT NULL,
	"data" "bytea" NOT NULL,
	CONSTRAINT "corpus_fingerprints_corpus_version_shape_pk" PRIMARY KEY("corpus_version","shape")
);
--> statement-breakpoint
CREATE TABLE "study" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "study_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"name" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "study_arm" (
	"study_id" bigint NOT NULL,
	"position" integer NOT NULL,
	"name" text NOT NULL,
	"changes" jsonb NOT NULL,
	CONSTRAINT "study_arm_study_id_position_pk" PRIMARY KEY("study_id","position")
);
--> statement-breakpoint
CREATE TABLE "prompt_template" (
	"name" text NOT NULL,
	"version" integer NOT NULL,
	"kind" text NOT NULL,
	"system" text NOT NULL,
	"text" text NOT NULL,
	"builtin" boolean DEFAULT false NOT NULL,
	"archived_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "prompt_template_name_version_pk" PRIMARY KEY("name","version"),
	CONSTRAINT "prompt_template_kind_word" CHECK ("prompt_template"."kind" in ('plain', 'chat')),
	CONSTRAINT "prompt_template_version_positive" CHECK ("prompt_template"."version" > 0)
);
--> statement-breakpoint
CREATE TABLE "task" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "task_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"kind" text NOT NULL,
	"args" jsonb NOT NULL,
	"state" text DEFAULT 'queued' NOT NULL,
	"cancel_requested" boolean DEFAULT false NOT NULL,
	"progress" jsonb,
	"result" jsonb,
	"error" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"started_at" timestamp with time zone,
	"ended_at" timestamp with time zone,
	CONSTRAINT "task_kind_word" CHECK ("task"."kind" in ('check_corpus', 'import_corpus', 'export_networks', 'fetch_data', 'preview_prompt', 'check_model')),
	CONSTRAINT "task_state_word" CHECK ("task"."state" in ('queued', 'running', 'done', 'failed', 'cancelled')),
	CONSTRAINT "task_done_has_result" CHECK (("task"."state" = 'done') = ("task"."result" is not null))
);
--> statement-breakpoint
CREATE TABLE "stored_file" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "stored_file_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"name" text NOT NULL,
	"bytes" bigint DEFAULT 0 NOT NULL,
	"complete" boolean DEFAULT false NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "stored_file_part" (
	"file_id" bigint NOT NULL,
	"part" integer NOT NULL,
	"data" "bytea" NOT NULL,
	CONSTRAINT "stored_file_part_file_id_part_pk" PRIMARY KEY("file_id","part")
);
--> statement-breakpoint
ALTER TABLE "job" DROP CONSTRAINT "job_kind_word";--> statement-breakpoint
ALTER TABLE "training_pair" ALTER COLUMN "candidate_id" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "job" ALTER COLUMN "run_id" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "job" ALTER COLUMN "cycle" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "training_pair" ADD COLUMN "corpus_entry_id" bigint;--> statement-breakpoint
ALTER TABLE "candidate" ADD COLUMN "answer" text;--> statement-breakpoint
ALTER TABLE "candidate" ADD COLUMN "fingerprint" text;--> statement-breakpoint
ALTER TABLE "candidate" ADD COLUMN "twin_candidate_id" bigint;--> statement-breakpoint
ALTER TABLE "candidate" ADD COLUMN "twin_corpus_entry_id" bigint;--> statement-breakpoint
ALTER TABLE "corpus" ADD COLUMN "state" text DEFAULT 'ready' NOT NULL;--> statement-breakpoint
ALTER TABLE "corpus" ADD COLUMN "base_version" text;--> statement-breakpoint
ALTER TABLE "corpus" ADD COLUMN "task_id" bigint;--> statement-breakpoint
ALTER TABLE "corpus" ADD COLUMN "report" jsonb;--> statement-breakpoint
ALTER TABLE "corpus_entry" ADD COLUMN "name" text;--> statement-breakpoint
ALTER TABLE "corpus_entry" ADD COLUMN "messages" jsonb;--> statement-breakpoint
ALTER TABLE "corpus_entry" ADD COLUMN "answer" text;--> statement-breakpoint
ALTER TABLE "corpus_entry" ADD COLUMN "accuracy" double precision;--> statement-breakpoint
ALTER TABLE "corpus_entry" ADD COLUMN "statistics" jsonb;--> statement-breakpoint
ALTER TABLE "corpus_entry" ADD COLUMN "family" text;--> statement-breakpoint
ALTER TABLE "corpus_entry" ADD COLUMN "split" text DEFAULT 'train' NOT NULL;--> statement-breakpoint
ALTER TABLE "evaluation" ADD COLUMN "fingerprint" text;--> statement-breakpoint
ALTER TABLE "evaluation" ADD COLUMN "device" text;--> statement-breakpoint
ALTER TABLE "job" ADD COLUMN "task_id" bigint;--> statement-breakpoint
ALTER TABLE "worker" ADD COLUMN "recipes" jsonb DEFAULT '[]'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "cycle" ADD COLUMN "planned" integer;--> statement-breakpoint
UPDATE "cycle" SET "planned" = (SELECT ("run"."config"->>'candidates_per_cycle')::integer FROM "run" WHERE "run"."id" = "cycle"."run_id");--> statement-breakpoint
ALTER TABLE "cycle" ALTER COLUMN "planned" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "run" ADD COLUMN "study_id" bigint;--> statement-breakpoint
ALTER TABLE "run" ADD COLUMN "study_arm" integer;--> statement-breakpoint
ALTER TABLE "run" ADD COLUMN "stop_reason" text;--> statement-breakpoint
ALTER TABLE "corpus_finding" ADD CONSTRAINT "corpus_finding_task_id_task_id_fk" FOREIGN KEY ("task_id") REFERENCES "public"."task"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "corpus_fingerprints" ADD CONSTRAINT "corpus_fingerprints_corpus_version_corpus_version_fk" FOREIGN KEY ("corpus_version") REFERENCES "public"."corpus"("version") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "study_arm" ADD CONSTRAINT "study_arm_study_id_study_id_fk" FOREIGN KEY ("study_id") REFERENCES "public"."study"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "stored_file_part" ADD CONSTRAINT "stored_file_part_file_id_stored_file_id_fk" FOREIGN KEY ("file_id") REFERENCES "public"."stored_file"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "training_pair" ADD CONSTRAINT "training_pair_corpus_entry_id_corpus_entry_id_fk" FOREIGN KEY ("corpus_entry_id") REFERENCES "public"."corpus_entry"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "candidate" ADD CONSTRAINT "candidate_twin_corpus_entry_id_corpus_entry_id_fk" FOREIGN KEY ("twin_corpus_entry_id") REFERENCES "public"."corpus_entry"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "candidate" ADD CONSTRAINT "candidate_twin_candidate_id_candidate_id_fk" FOREIGN KEY ("twin_candidate_id") REFERENCES "public"."candidate"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "corpus" ADD CONSTRAINT "corpus_task_id_task_id_fk" FOREIGN KEY ("task_id") REFERENCES "public"."task"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "job" ADD CONSTRAINT "job_task_id_task_id_fk" FOREIGN KEY ("task_id") REFERENCES "public"."task"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "run" ADD CONSTRAINT "run_study_id_study_id_fk" FOREIGN KEY ("study_id") REFERENCES "public"."study"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "training_pair_entry" ON "training_pair" USING btree ("corpus_entry_id");--> statement-breakpoint
CREATE INDEX "candidate_neighbour" ON "candidate" USING btree ("neighbour_candidate_id");--> statement-breakpoint
CREATE INDEX "candidate_neighbour_entry" ON "candidate" USING btree ("neighbour_corpus_entry_id");--> statement-breakpoint
CREATE INDEX "candidate_twin" ON "candidate" USING btree ("twin_candidate_id");--> statement-breakpoint
CREATE INDEX "candidate_twin_entry" ON "candidate" USING btree ("twin_corpus_entry_id");--> statement-breakpoint
CREATE INDEX "run_study" ON "run" USING btree ("study_id","study_arm");--> statement-breakpoint
ALTER TABLE "training_pair" ADD CONSTRAINT "training_pair_one_source" CHECK (num_nonnulls("training_pair"."candidate_id", "training_pair"."corpus_entry_id") = 1);--> statement-breakpoint
ALTER TABLE "corpus" ADD CONSTRAINT "corpus_state_word" CHECK ("corpus"."state" in ('importing', 'ready'));--> statement-breakpoint
ALTER TABLE "corpus_entry" ADD CONSTRAINT "corpus_entry_split_word" CHECK ("corpus_entry"."split" in ('train', 'validation', 'test'));--> statement-breakpoint
ALTER TABLE "corpus_entry" ADD CONSTRAINT "corpus_entry_accuracy_fraction" CHECK ("corpus_entry"."accuracy" between 0 and 1);--> statement-breakpoint
ALTER TABLE "job" ADD CONSTRAINT "job_of_run_or_task" CHECK (("job"."run_id" is null) = ("job"."task_id" is not null) and ("job"."run_id" is null) = ("job"."cycle" is null));--> statement-breakpoint
ALTER TABLE "job" ADD CONSTRAINT "job_kind_word" CHECK ("job"."kind" in ('generate', 'evaluate', 'select', 'finetune', 'check_corpus', 'import_corpus', 'export_networks', 'fetch_data', 'preview_prompt', 'check_model'));--> statement-breakpoint
ALTER TABLE "run" ADD CONSTRAINT "run_stop_reason_word" CHECK ("run"."stop_reason" in ('collapse'));--> statement-breakpoint
-- Runs of earlier versions get the values that reproduce what they did.
UPDATE "run" SET "config" = '{"backend": "transformers", "server_url": "", "prompt": {"template": "starter@1", "novelty_wishes": ""},
    "loop": {"adapter": "fresh", "replay_share": 0, "cycle_minutes": 0, "stop_on_collapse": false}}'::jsonb || "config"
  || jsonb_build_object(
    'generation', '{"quantization": "auto"}'::jsonb || ("config"->'generation'),
    'novelty', '{"tests": "text"}'::jsonb || ("config"->'novelty'),
    'lora', '{"epochs": 0, "packing": false}'::jsonb || ("config"->'lora'));
