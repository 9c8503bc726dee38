-- Central payment management: which account a receiving unit is paid to, and every transaction. `reference` is the operation that created it.
create table accounts (
  unit_code text primary key,
  account text not null unique,
  account_name text not null,
  kind text not null check (kind in ('commercial', 'treasury')),
  held_at text not null                  -- a bank's system id, or state-treasury
);

create table transactions (
  code text primary key,
  reference text not null unique,
  dossier_code text not null,
  unit_code text not null references accounts (unit_code),
  amount_vnd bigint not null check (amount_vnd > 0),
  bank text not null,
  status text not null check (status in ('initiated', 'qr-issued', 'paid', 'failed', 'expired')),
  reason text,                           -- why it failed: bank-timeout | bank-unavailable | interrupted
  qr text,
  expires_at bigint not null,            -- epoch ms on the scenario clock
  bank_reference text unique,
  paid_reference text,                   -- the operation that paid it (the scan at the bank)
  paid_at bigint,                        -- epoch ms on the scenario clock, as the bank says
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index transactions_expiring on transactions (expires_at) where status = 'qr-issued';

-- Paid, the portal not yet told. `topic`: payment-status.
create table outbox (
  id bigint generated always as identity primary key,
  topic text not null,
  payload jsonb not null,
  attempts int not null default 0,
  due_at timestamptz not null default now()
);

create sequence transaction_number start 1;
