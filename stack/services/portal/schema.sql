-- The new portal's own database. `reference` is the operation's idempotency key, kept in every system.
create table dossiers (
  code text primary key,
  reference text unique,
  procedure_code text not null,
  unit_code text not null,
  partner_id text not null,              -- who handles it, or who synced it up
  applicant_id text not null,
  applicant_name text not null,
  applicant_birth_date date not null,
  phone text not null default '',
  note text not null default '',
  status text not null,
  origin text not null check (origin in ('direct', 'synced', 'migrated')),
  legacy_code text unique,
  fee_vnd bigint not null default 0,
  submitted_at timestamptz not null,
  due_at timestamptz,
  updated_at timestamptz not null default now(),
  status_at timestamptz                  -- when the status was set, scenario clock; null while it is the first one
);
create index dossiers_by_applicant on dossiers (applicant_id, submitted_at desc);
-- The business check must hold between two submissions at the same moment too; synced and migrated dossiers are not put to it.
create unique index dossiers_open_direct on dossiers (applicant_id, procedure_code)
  where origin = 'direct' and status not in ('not-received', 'withdrawn', 'stopped', 'done', 'result-returned');

-- Statuses as they came, one row for each operation: the technical idempotency of whoever sets them.
create table dossier_events (
  reference text primary key,
  dossier_code text not null references dossiers (code),
  status text not null,
  at timestamptz not null,
  source text not null,                  -- citizen | staff | the partner's id
  recorded_at timestamptz not null default now(),
  note text not null default ''
);

-- What the portal knows of a payment; the central payment system is the master for those begun after the cutover.
create table payments (
  transaction_code text primary key,
  dossier_code text not null references dossiers (code),
  reference text,                        -- the operation that created it
  paid_reference text,                   -- the operation that paid it (the scan at the bank)
  bank text not null default '',
  amount_vnd bigint not null,
  status text not null,                  -- initiated | qr-issued | paid | failed | expired
  paid_at timestamptz,
  origin text not null check (origin in ('direct', 'migrated')),
  updated_at timestamptz not null default now()
);
create index payments_by_dossier on payments (dossier_code);

create table sessions (
  id text primary key,                   -- hash of the cookie's value, which is kept nowhere
  person_id text not null,
  level int not null,
  reference text not null unique,        -- a login repeated with the same reference replaces its session
  id_token text not null default '',
  begun_at timestamptz not null,
  ended_at timestamptz
);

-- Procedures as published by the catalogue.
create table services (
  procedure_code text primary key,
  title text not null,
  level text not null,
  handled_by text not null,
  ministry text not null,
  fee_vnd bigint not null,
  provinces text[] not null,
  redirected boolean not null default false  -- taken on the ministry's own service
);

-- Feedback and petitions, with the answer that the unit gave.
create table feedback (
  code text primary key,
  reference text not null unique,
  person_id text not null,
  topic text not null,
  province_id text not null,
  unit_code text not null,
  text text not null,
  phone text not null,
  sent_at timestamptz not null,
  recorded_at timestamptz not null default now(),
  answer text,
  answer_reference text,
  answered_at timestamptz,
  answer_recorded_at timestamptz
);
create sequence feedback_number start 1;

-- E-receipts and refunds as the payment system told of them.
create table receipts (
  transaction_code text primary key,
  dossier_code text not null,
  reference text not null,               -- the operation that paid
  receipt_number text not null,
  amount_vnd bigint not null,
  issued_at timestamptz not null,
  recorded_at timestamptz not null default now()
);
create table refunds (
  reference text primary key,
  transaction_code text not null,
  dossier_code text not null,
  amount_vnd bigint not null,
  bank text,                             -- null: paid out at the counter
  refunded_at timestamptz not null,
  recorded_at timestamptz not null default now()
);

-- Acknowledged, not yet delivered onward. `topic`: dossier | status (to coordination) | feedback (to the feedback system).
create table outbox (
  id bigint generated always as identity primary key,
  topic text not null,
  payload jsonb not null,
  attempts int not null default 0,
  due_at timestamptz not null default now()
);

-- Running numbers of direct submissions: a range of its own, because partners number their own dossiers from 1 with the same unit codes.
create sequence dossier_number start 5000001;
