-- The coordination system's own database: a copy of every dossier and status, and the way of direct ones to whoever handles them.
create table dossiers (
  code text primary key,
  reference text not null default '',    -- '' for dossiers from before the cutover
  procedure_code text not null,
  unit_code text not null,
  applicant_name text not null,
  status text not null,
  status_at timestamptz,                 -- of the newest status pushed; null while it is the first one
  origin text not null check (origin in ('direct', 'synced', 'migrated')),
  partner_id text not null,
  submitted_at timestamptz not null,
  updated_at timestamptz not null default now()
);

-- One row for each status pushed. Not bound to dossiers: a status may come before its dossier, when that has to be sent again.
create table dossier_events (
  reference text primary key,
  dossier_code text not null,
  status text not null,
  at timestamptz not null,
  recorded_at timestamptz not null default now()
);
create index dossier_events_by_dossier on dossier_events (dossier_code, at desc);

-- Accepted, not yet with the partner. `topic`: forward.
create table outbox (
  id bigint generated always as identity primary key,
  topic text not null,
  payload jsonb not null,
  attempts int not null default 0,
  due_at timestamptz not null default now()
);
