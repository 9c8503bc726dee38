-- The catalogue's own database: the procedures, where they apply, and which of them the portal has been given.
create table procedures (
  code text primary key,
  title text not null,
  level text not null,
  handled_by text not null,
  ministry text not null,
  fee_vnd bigint not null,
  provinces text[] not null,
  redirected boolean not null default false,
  published_at timestamptz
);
