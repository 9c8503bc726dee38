-- Feedback and petitions (PAKN) and what units answered. Both are known by the operation that made them.
create table feedback (
  code text primary key,
  reference text not null unique,
  person_id text not null,
  topic text not null,
  province_id text not null,
  unit_code text not null,               -- who answers, as the portal routed it
  text text not null,
  sent_at bigint not null,               -- epoch ms on the scenario clock
  recorded_at timestamptz not null default now()
);

-- One answer for each item.
create table answers (
  reference text primary key,
  feedback_code text not null unique references feedback (code),
  unit_code text not null,
  account text not null,
  text text not null,
  answered_at bigint not null,           -- epoch ms on the scenario clock
  recorded_at timestamptz not null default now()
);

-- Answered, the portal not yet told. `topic`: answer.
create table outbox (
  id bigint generated always as identity primary key,
  topic text not null,
  payload jsonb not null,
  attempts int not null default 0,
  due_at timestamptz not null default now()
);
