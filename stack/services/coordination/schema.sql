-- The coordination system's own database: a copy of every dossier and status, what staff set, and the way of both onward.
create table dossiers (
  code text primary key,
  reference text not null default '',    -- '' for dossiers from before the cutover
  procedure_code text not null,
  unit_code text not null,
  applicant_name text not null,
  status text not null,
  status_at timestamptz,                 -- of the newest status set; null while it is the first one
  origin text not null check (origin in ('direct', 'synced', 'migrated')),
  partner_id text not null,
  submitted_at timestamptz not null,
  updated_at timestamptz not null default now(),
  level text,                            -- at which it is handled; null where nobody said
  territory text,                        -- the province whose officers handle it; null where only the ministry's do
  fee_vnd bigint not null default 0,
  due_at timestamptz
);
-- Officers find a dossier by its reference.
create index dossiers_by_reference on dossiers (reference) where reference <> '';

-- One row for each status set. Not bound to dossiers: a status may come before its dossier, when that has to be sent again.
create table dossier_events (
  reference text primary key,
  dossier_code text not null,
  status text not null,
  at timestamptz not null,
  recorded_at timestamptz not null default now(),
  source text not null default 'partner',  -- partner | staff | citizen
  account text,                          -- the officer's
  note text not null default ''
);
create index dossier_events_by_dossier on dossier_events (dossier_code, at desc);

-- Accounts follow from their names; here stands only who is not what the name says. Empty in normal times.
create table staff_exceptions (
  account text primary key,
  missing boolean not null default false,
  withheld text[] not null default '{}'  -- permissions
);
create function staff_exceptions_changed() returns trigger language plpgsql as $$ begin perform pg_notify('staff_exceptions', ''); return null; end $$;
create trigger staff_exceptions_changed after insert or update or delete or truncate on staff_exceptions for each statement execute function staff_exceptions_changed();

-- Accepted, not yet delivered. `topic`: forward (dossiers to partners) | portal-status | partner-status.
create table outbox (
  id bigint generated always as identity primary key,
  topic text not null,
  payload jsonb not null,
  attempts int not null default 0,
  due_at timestamptz not null default now()
);
